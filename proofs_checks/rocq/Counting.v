(** Randomised algorithms with finitely many equally likely tapes: successes are counted. *)
From Coq Require Import List Arith Lia.
From SciBarriers Require Import Model Impossible.
Import ListNotations.

(** At least [s] of the tapes 0, ..., n - 1 have the property. *)
Definition at_least (n s : nat) (P : nat -> Prop) : Prop :=
  exists l, NoDup l /\ (forall b, In b l -> b < n /\ P b) /\ s <= length l.

Lemma NoDup_append (l l' : list nat) : NoDup l -> NoDup l' -> (forall b, In b l -> In b l' -> False) -> NoDup (l ++ l').
Proof.
  induction l as [|b l IH]; intros N N' D; [exact N'|]. inversion N; subst. cbn. constructor.
  - intros I. apply in_app_or in I. destruct I as [I|I]; [now apply H1 | apply (D b); [now left | exact I]].
  - apply IH; trivial. intros c Hc. apply (D c). now right.
Qed.

Definition inside (W : list nat) (b : nat) : bool := existsb (Nat.eqb b) W.

Lemma inside_spec W b : inside W b = true <-> In b W.
Proof.
  unfold inside. rewrite existsb_exists. split.
  - intros [c [H E]]. apply Nat.eqb_eq in E. now subst.
  - intros H. exists b. split; [exact H | apply Nat.eqb_refl].
Qed.

Lemma filter_split (f : nat -> bool) l :
  length (filter f l) + length (filter (fun b => negb (f b)) l) = length l.
Proof. induction l as [|b l IH]; [reflexivity|]. cbn. destruct (f b); cbn; lia. Qed.

Lemma below_length l n : NoDup l -> (forall b, In b l -> b < n) -> length l <= n.
Proof.
  intros N H. rewrite <- (seq_length n 0). apply NoDup_incl_length; [exact N|].
  intros b Hb. apply in_seq. specialize (H b Hb). lia.
Qed.

(** If each tape in [W] is a success for at most one of the [d] inputs, and [s] tapes are for every input, then
    [d s <= |W| + d (n - |W|)]. *)
Lemma count (d n s : nat) (P : nat -> nat -> Prop) (W : list nat) :
  NoDup W -> (forall b, In b W -> b < n) ->
  (forall b i j, In b W -> i < d -> j < d -> P i b -> P j b -> i = j) ->
  (forall i, i < d -> at_least n s (P i)) -> d * s <= length W + d * (n - length W).
Proof.
  intros NW BW One A.
  enough (E : forall e, e <= d -> exists U, NoDup U /\ (forall b, In b U -> In b W /\ exists i, i < e /\ P i b) /\
      e * s <= length U + e * (n - length W)).
  { destruct (E d (le_n d)) as [U [N [I L]]].
    assert (length U <= length W) by (apply NoDup_incl_length; [exact N | intros b Hb; now apply I]). lia. }
  induction e as [|e IH]; intros He; [exists []; split; [constructor | split; [easy | cbn; lia]]|].
  destruct (IH ltac:(lia)) as [U [N [I L]]]. destruct (A e ltac:(lia)) as [l [Nl [Pl Sl]]].
  set (V := filter (inside W) l). exists (V ++ U).
  assert (IV : forall b, In b V -> In b W /\ P e b).
  { intros b Hb. apply filter_In in Hb. destruct Hb as [Hb Hw]. split; [now apply inside_spec | now apply Pl]. }
  assert (Rest : length (filter (fun b => negb (inside W b)) l) + length W <= n).
  { rewrite <- app_length. apply below_length.
    - apply NoDup_append; [now apply NoDup_filter | exact NW |]. intros b Hb Hw. apply filter_In in Hb.
      apply inside_spec in Hw. rewrite Hw in Hb. now destruct Hb.
    - intros b Hb. apply in_app_or in Hb. destruct Hb as [Hb|Hb]; [|now apply BW].
      apply filter_In in Hb. now apply Pl. }
  assert (F := filter_split (inside W) l). fold V in F. split; [|split].
  - apply NoDup_append; trivial; [now apply NoDup_filter|]. intros b Hb Hu.
    destruct (IV b Hb) as [Wb Pb]. destruct (I b Hu) as [_ [i [Hi Pi]]].
    assert (e = i) by (apply (One b); trivial; lia). lia.
  - intros b Hb. apply in_app_or in Hb. destruct Hb as [Hb|Hb].
    + destruct (IV b Hb) as [Wb Pb]. split; [exact Wb | exists e; split; [lia | exact Pb]].
    + destruct (I b Hb) as [Wb [i [Hi Pi]]]. split; [exact Wb | exists i; split; [lia | exact Pi]].
  - rewrite app_length. cbn. lia.
Qed.

Section Coins.
  Variables Query Ans Out : Type.
  Variable level : Query -> nat.
  Variable Input : Type.
  Variable valid : Input -> oracle Query Ans -> Prop.
  Variable right : Input -> Out -> Prop.

  (** One algorithm for each tape. *)
  Variable g : nat -> algorithm Query Ans Out.
  Variable n : nat.
  Definition success (x : Input) (o : oracle Query Ans) (b : nat) : Prop :=
    exists z t, halts (g b) o z t /\ right x z.
  (** Success after at most [M] reads. *)
  Definition success_within (M : nat) (x : Input) (o : oracle Query Ans) (b : nat) : Prop :=
    exists z t, halts (g b) o z t /\ right x z /\ length t <= M.
  (** On all admissible data of every input of the class at least [s] of the [n] tapes are right. *)
  Definition succeeds (class : Input -> Prop) (s : nat) : Prop :=
    forall x, class x -> forall o, valid x o -> at_least n s (success x o).
  Definition succeeds_within (class : Input -> Prop) (M s : nat) : Prop :=
    forall x, class x -> forall o, valid x o -> at_least n s (success_within M x o).

  Variable class : Input -> Prop.
  Variable o : oracle Query Ans.
  Variable d : nat.
  Variable member : nat -> nat -> Input.
  (** For every precision [q] large enough, [d] inputs of the class share [o] up to it, and no answer serves two. *)
  Variable q0 : nat.
  Hypothesis in_class : forall i q, i < d -> q0 <= q -> class (member i q).
  Hypothesis shared : forall i q, i < d -> q0 <= q -> shares level valid o q (member i q).
  Hypothesis separate : forall i j q, i < d -> j < d -> i <> j -> q0 <= q -> apart right (member i q) (member j q).

  Lemma deep (W : list nat) (P : nat -> transcript Query Ans -> Prop) :
    (forall b, In b W -> exists t, P b t) ->
    exists q, q0 <= q /\ forall b, In b W -> exists t, P b t /\ depth level t <= q.
  Proof.
    induction W as [|b W IH]; intros H; [exists q0; split; [lia | easy]|].
    destruct IH as [q [Hq Q]]; [intros c Hc; apply H; now right|].
    destruct (H b (or_introl eq_refl)) as [t Ht]. exists (Nat.max q (depth level t)). split; [lia|].
    intros c [<-|Hc]; [exists t; split; [exact Ht | lia]|]. destruct (Q c Hc) as [u [Pu Lu]]. exists u.
    split; [exact Pu | lia].
  Qed.

  Lemma oracles q : q0 <= q -> exists os : nat -> oracle Query Ans,
    forall i, i < d -> valid (member i q) (os i) /\ agree level q o (os i).
  Proof.
    intros Hq. assert (E : forall e, e <= d -> exists os : nat -> oracle Query Ans,
      forall i, i < e -> valid (member i q) (os i) /\ agree level q o (os i)).
    { induction e as [|e IH]; intros He; [exists (fun _ => o); intros i Hi; lia|].
      destruct (IH ltac:(lia)) as [os O]. destruct (shared e q ltac:(lia) Hq) as [o' [V A]].
      exists (fun i => if i =? e then o' else os i). intros i Hi.
      destruct (Nat.eqb_spec i e); [now subst | apply O; lia]. }
    exact (E d (le_n d)).
  Qed.

  (** If the tapes in [W] halt on the common data, [s] successes on every member need [d s <= |W| + d (n - |W|)]. *)
  Lemma halting_count W s : NoDup W -> (forall b, In b W -> b < n) ->
    (forall b, In b W -> exists z t, halts (g b) o z t) ->
    (forall i q, i < d -> q0 <= q -> forall o', valid (member i q) o' -> at_least n s (success (member i q) o')) ->
    d * s <= length W + d * (n - length W).
  Proof.
    intros N B H S. destruct (deep W (fun b t => exists z, halts (g b) o z t)) as [q [Hq Q]].
    { intros b Hb. destruct (H b Hb) as [z [t Ht]]. now exists t, z. }
    destruct (oracles q Hq) as [os O].
    apply (count d n s (fun i b => success (member i q) (os i) b) W N B).
    - intros b i j Hb Hi Hj [z [t [Ht R]]] [z' [t' [Ht' R']]].
      destruct (Nat.eq_dec i j) as [E|E]; [exact E|]. exfalso.
      destruct (Q b Hb) as [u [[w Hw] D]]. destruct (O i Hi) as [_ A], (O j Hj) as [_ A'].
      assert (Hi' := consistent_halts _ _ _ level (g b) o (os i) q w u A D Hw).
      assert (Hj' := consistent_halts _ _ _ level (g b) o (os j) q w u A' D Hw).
      destruct (deterministic _ _ _ _ _ _ _ _ _ Ht Hi') as [-> _].
      destruct (deterministic _ _ _ _ _ _ _ _ _ Ht' Hj') as [-> _].
      exact (separate i j q Hi Hj E Hq w R R').
    - intros i Hi. apply S; trivial. now apply O.
  Qed.

  (** If all tapes halt on the common data, the probability is at most 1/d. *)
  Theorem coins_halting s : (forall b, b < n -> exists z t, halts (g b) o z t) -> succeeds class s -> d * s <= n.
  Proof.
    intros H S. assert (C : d * s <= length (seq 0 n) + d * (n - length (seq 0 n))).
    { apply halting_count; [apply seq_NoDup | intros b Hb; apply in_seq in Hb; lia | |].
      - intros b Hb. apply H. apply in_seq in Hb. lia.
      - intros i q Hi Hq o' V. apply S; [now apply in_class | exact V]. }
    rewrite seq_length in C. rewrite Nat.sub_diag in C. lia.
  Qed.

  (** Halting or not, the probability is at most d/(2d - 1), if the common data are data of an input of the class. *)
  Theorem coins tie s : 1 <= d -> class tie -> valid tie o -> succeeds class s -> (2 * d - 1) * s <= d * n.
  Proof.
    intros Hd C V S. destruct (S tie C o V) as [W [N [H L]]].
    assert (K : d * s <= length W + d * (n - length W)).
    { apply halting_count; [exact N | intros b Hb; now apply H | |].
      - intros b Hb. destruct (H b Hb) as [_ [z [t [Ht _]]]]. now exists z, t.
      - intros i q Hi Hq o' V'. apply S; [now apply in_class | exact V']. }
    assert (W' : length W <= n) by (apply below_length; [exact N | intros b Hb; now apply H]).
    assert (d * (n - length W) = d * n - d * length W) by apply Nat.mul_sub_distr_l.
    assert (d * length W <= d * n) by now apply Nat.mul_le_mono_l. nia.
  Qed.

  (** Within [M] data the probability is at most 1/d, whether the class has such an input or not. *)
  Theorem coins_within M s : succeeds_within class M s -> d * s <= n.
  Proof.
    intros S. set (W := seq 0 n).
    destruct (deep W (fun b t => t = after (g b) o (Datatypes.S M))) as [q [Hq Q]].
    { intros b _. now exists (after (g b) o (Datatypes.S M)). }
    destruct (oracles q Hq) as [os O].
    assert (C : d * s <= length W + d * (n - length W)).
    { apply (count d n s (fun i b => success_within M (member i q) (os i) b) W); [apply seq_NoDup | | |].
      - intros b Hb. apply in_seq in Hb. lia.
      - intros b i j Hb Hi Hj [z [t [Ht [R T]]]] [z' [t' [Ht' [R' T']]]].
        destruct (Nat.eq_dec i j) as [E|E]; [exact E|]. exfalso.
        destruct (Q b Hb) as [u [-> D]]. destruct (O i Hi) as [_ A], (O j Hj) as [_ A'].
        assert (Ei := consistent _ _ _ level (g b) o (os i) q _ A D).
        assert (Ej := consistent _ _ _ level (g b) o (os j) q _ A' D).
        destruct (step_or_answer _ _ _ (g b) o M) as [L|[k [w [L K]]]].
        + assert (L' : reads_more (g b) (os i) M) by (unfold reads_more in *; now rewrite Ei).
          assert (X := reads_more_not_halts _ _ _ _ _ _ _ _ L' Ht). lia.
        + assert (F := stays _ _ _ _ _ _ _ K (Datatypes.S M - k)).
          replace (Datatypes.S M - k + k) with (Datatypes.S M) in F by lia.
          assert (Hw : halts (g b) o w (after (g b) o (Datatypes.S M))) by (exists (Datatypes.S M); rewrite F; now
            split).
          assert (Hi' := consistent_halts _ _ _ level (g b) o (os i) q w _ A D Hw).
          assert (Hj' := consistent_halts _ _ _ level (g b) o (os j) q w _ A' D Hw).
          destruct (deterministic _ _ _ _ _ _ _ _ _ Ht Hi') as [-> _].
          destruct (deterministic _ _ _ _ _ _ _ _ _ Ht' Hj') as [-> _].
          exact (separate i j q Hi Hj E Hq w R R').
      - intros i Hi. apply S; [now apply in_class | now apply O]. }
    unfold W in C. rewrite seq_length, Nat.sub_diag in C. lia.
  Qed.
End Coins.

Arguments success {Query Ans Out Input}. Arguments succeeds {Query Ans Out Input}.
Arguments succeeds_within {Query Ans Out Input}.
