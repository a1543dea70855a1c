(** Impossibility on the class, from the data that the members share. *)
From Coq Require Import QArith ZArith List Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Problems Heights Model Impossible Counting Class Precision Data Families
  Roots.
Import ListNotations.

(** An input exists for every rational row: its [c] is in the rationals, or in the pairs over them. *)
Definition input_of d (a : nat -> Q) : {x : input d | forall j, row d x j = a j}.
Proof.
  destruct (root_exists (qsum d (fun j => a j * a j))) as [F [c [C0 C]]].
  { apply qsum_nonneg. intros i. nra. }
  unshelve eexists (Build_input d F a c C0 _); [|reflexivity].
  rewrite C, inj_qsum. apply sum_ext. intros i _. apply inj_mul.
Defined.

Section Barrier.
  Variables d k : nat.
  Variable p : problem.
  Variable etas : list Q.
  Variable f : family.
  Hypothesis ok : admissible_class d p etas f.
  Variable G : domain.
  Notation R := (length etas).
  Notation algorithm := (algorithm nat datum (network G)).

  (** The members of the family; with the tie they are the strong family, without it the weak one. *)
  Definition members (x : input d) : Prop := exists i q, is_member d f i q x.
  Definition with_tie (x : input d) : Prop := is_tie d f x \/ members x.

  Lemma member_exists i q : (i < d)%nat -> (start f <= q)%nat -> exists x, is_member d f i q x.
  Proof.
    intros Hi Hq. destruct (input_of d (member_row f i q)) as [x E]. exists x. split; [exact Hi|].
    split; [exact Hq|]. intros j _. rewrite E. reflexivity.
  Qed.

  Lemma tie_exists : exists x, is_tie d f x.
  Proof. destruct (input_of d (tie_row f)) as [x E]. exists x. intros j _. rewrite E. reflexivity. Qed.

  (** Of two members of one level, both of which share the common data, no answer at any sample serves both. *)
  Lemma two_members n r : (r < R)%nat -> exists x x', members x /\ members x' /\
    shares precision (valid d k p etas) (common d k p etas f) n x /\
    shares precision (valid d k p etas) (common d k p etas f) n x' /\
    apart (right_at d k p etas G (digits f) r) x x'.
  Proof.
    intros Hr. assert (D : (2 <= d)%nat) by apply ok. set (q := Nat.max n (start f)).
    destruct (member_exists 0 q ltac:(lia) ltac:(lia)) as [x M].
    destruct (member_exists 1 q ltac:(lia) ltac:(lia)) as [x' M'].
    exists x, x'. split; [now exists 0%nat, q|]. split; [now exists 1%nat, q|].
    split; [apply shares_member with 0%nat q; trivial; lia|]. split; [apply shares_member with 1%nat q; trivial; lia|].
    intros phi H H'. apply (members_apart d k p etas f ok G x x' 0 1 q r phi); trivial; lia.
  Qed.

  Lemma two_confused n r : (r < R)%nat -> exists P,
    confused precision (valid d k p etas) (right_at d k p etas G (digits f) r) members P (common d k p etas f) n /\
    exists x, P x.
  Proof.
    intros Hr. destruct (two_members n r Hr) as [u [u' [M [M' [S [S' A]]]]]].
    exists (fun x => x = u \/ x = u'). split; [split|].
    - intros x [->| ->]; now split.
    - intros z H. apply (A z); apply H; tauto.
    - exists u. now left.
  Qed.

  Lemma confused_more (right : input d -> network G -> Prop) P n :
    confused precision (valid d k p etas) right members P (common d k p etas f) n ->
    confused precision (valid d k p etas) right with_tie P (common d k p etas f) n.
  Proof. intros [C N]. split; [|exact N]. intros x Px. destruct (C x Px). split; [now right | assumption]. Qed.

  (** No algorithm has the digits at sample [r] on the family with the tie. *)
  Theorem no_algorithm r : (r < R)%nat -> forall g : algorithm,
    ~ solves (valid d k p etas) (right_at d k p etas G (digits f) r) with_tie g.
  Proof.
    intros Hr. destruct tie_exists as [x T].
    apply (impossible nat datum (network G) precision (input d) (valid d k p etas) _ with_tie (common d k p etas f))
      with x.
    - intros n. destruct (two_confused n r Hr) as [P [C X]]. exists P. split; [now apply confused_more | exact X].
    - now left.
    - now apply valid_tie.
  Qed.

  (** No algorithm has them on the members alone from a bounded number of data. *)
  Theorem no_algorithm_within r : (r < R)%nat -> forall M (g : algorithm),
    ~ solves_within (valid d k p etas) (right_at d k p etas G (digits f) r) members M g.
  Proof.
    intros Hr. apply (impossible_within nat datum (network G) precision (input d) (valid d k p etas) _ members (common
      d k p etas f)).
    intros n. now apply two_confused.
  Qed.

  (** Each value is wrong at sample [r] on all members of a level but one. *)
  Lemma wrong_all_but_one r q phi : (r < R)%nat -> (start f <= q)%nat ->
    exists i0, forall i x, i <> i0 -> is_member d f i q x -> ~ right_at d k p etas G (digits f) r x phi.
  Proof.
    intros Hr Hq. set (close := fun i => (nsq (columns d k) (minus (phi (sample k etas r))
      (unit i (inj (height p (eta etas r) (peak f q))))) <= inj (ten_minus (digits f) * ten_minus (digits f))%Q)%F).
    assert (S : forall e, (exists i, (i < e)%nat /\ close i) \/ forall i, (i < e)%nat -> ~ close i).
    { induction e as [|e [[i [Hi E]]|IH]]; [right; intros; lia | left; exists i; split; [lia | exact E] |].
      destruct (le_dec G (nsq (columns d k) (minus (phi (sample k etas r)) (unit e (inj (height p (eta etas r) (peak f
        q))))))
        (inj (ten_minus (digits f) * ten_minus (digits f))%Q)) as [C|C]; [left; exists e; split; [lia | exact C]|].
      right. intros i Hi. destruct (Nat.eq_dec i e) as [->|]; [exact C | apply IH; lia]. }
    destruct (S d) as [[i0 [H0 C0]]|None].
    - exists i0. intros i x Ne M Rt. destruct (member_exists i0 q H0 Hq) as [x0 M0].
      apply (members_apart d k p etas f ok G x x0 i i0 q r phi M M0 Ne Hr Rt).
      now apply (right_member d k p etas f ok G x0 i0 q).
    - exists d. intros i x _ M Rt. apply (right_member d k p etas f ok G x i q) in Rt; trivial.
      apply (None i (proj1 M)). exact Rt.
  Qed.

  Lemma same_on_members (g : algorithm) phi t q : halts g (common d k p etas f) phi t -> (depth precision t <= q)%nat ->
    forall i x, is_member d f i q x -> exists o, valid d k p etas x o /\ halts g o phi t.
  Proof.
    intros H Hq i x M. destruct (shares_member d k p etas f ok x i q q M (le_n q)) as [o [V A]]. exists o.
    split; [exact V|]. exact (consistent_halts _ _ (network G) precision g _ o q phi t A Hq H).
  Qed.

  (** The input that is failed: an algorithm that halts on the common data fails, for every level [q] that is large
      enough, at every sample at once on all members of the level but at most as many as there are samples. *)
  Theorem fails_everywhere (g : algorithm) phi t : halts g (common d k p etas f) phi t ->
    forall q, (start f <= q)%nat -> (depth precision t <= q)%nat ->
    exists l : list nat, length l = R /\ forall i x, ~ In i l -> is_member d f i q x ->
      exists o, valid d k p etas x o /\ halts g o phi t /\
        forall r, (r < R)%nat -> ~ right_at d k p etas G (digits f) r x phi.
  Proof.
    intros H q Hs Hq. assert (E : forall e, (e <= R)%nat -> exists l : list nat, length l = e /\
      forall i x, ~ In i l -> is_member d f i q x -> forall r, (r < e)%nat -> ~ right_at d k p etas G (digits f) r x
        phi).
    { induction e as [|e IH]; intros He; [exists []; split; [reflexivity | intros; lia]|].
      destruct (IH ltac:(lia)) as [l [L W]]. destruct (wrong_all_but_one e q phi He Hs) as [i0 W0].
      exists (i0 :: l). split; [cbn; lia|]. intros i x Ni M r Hr. destruct (Nat.eq_dec r e) as [->|].
      - apply (W0 i x); [intros ->; apply Ni; now left | exact M].
      - apply (W i x); [intros I; apply Ni; now right | exact M | lia]. }
    destruct (E R (le_n R)) as [l [L W]]. exists l. split; [exact L|]. intros i x Ni M.
    destruct (same_on_members g phi t q H Hq i x M) as [o [V K]]. exists o. split; [exact V|]. split; [exact K|].
    now apply (W i x).
  Qed.

  (** With fewer samples than competing columns, some member is failed at all samples at once. *)
  Corollary fails_at_all_samples (g : algorithm) phi t : (R < d)%nat -> halts g (common d k p etas f) phi t ->
    exists i q x o, is_member d f i q x /\ valid d k p etas x o /\ halts g o phi t /\
      forall r, (r < R)%nat -> ~ right_at d k p etas G (digits f) r x phi.
  Proof.
    intros L H. set (q := Nat.max (start f) (depth precision t)).
    destruct (fails_everywhere g phi t H q ltac:(lia) ltac:(lia)) as [l [Hl W]].
    destruct (find (fun i => negb (inside l i)) (seq 0 d)) as [i|] eqn:E.
    - apply find_some in E. destruct E as [E1 E2]. apply in_seq in E1. apply negb_true_iff in E2.
      destruct (member_exists i q ltac:(lia) ltac:(lia)) as [x M]. exists i, q, x.
      destruct (W i x) as [o P]; [intros I; apply inside_spec in I; congruence | exact M |]. now exists o.
    - exfalso. assert (I : (length (seq 0 d) <= length l)%nat).
      { apply NoDup_incl_length; [apply seq_NoDup|]. intros i Hi. apply inside_spec.
        apply find_none with (x := i) in E; [|exact Hi]. now apply negb_false_iff in E. }
      rewrite seq_length in I. lia.
  Qed.

  (** Randomised algorithms with [n] equally likely tapes. *)
  Section Coins.
    Variable g : nat -> algorithm.
    Variable n r : nat.
    Hypothesis Hr : (r < R)%nat.
    Notation wins := (right_at d k p etas G (digits f) r).

    Definition member_input (i q : nat) : input d := proj1_sig (input_of d (member_row f i q)).

    Let is i q : (i < d)%nat -> (start f <= q)%nat -> is_member d f i q (member_input i q).
    Proof.
      intros Hi Hq. split; [exact Hi|]. split; [exact Hq|]. intros j _. unfold member_input.
      now rewrite (proj2_sig (input_of d (member_row f i q))).
    Qed.

    Let in_class i q : (i < d)%nat -> (start f <= q)%nat -> members (member_input i q).
    Proof. intros Hi Hq. exists i, q. now apply is. Qed.

    Let shared i q : (i < d)%nat -> (start f <= q)%nat ->
      shares precision (valid d k p etas) (common d k p etas f) q (member_input i q).
    Proof. intros Hi Hq. apply shares_member with i q; [exact ok | now apply is | apply le_n]. Qed.

    Let separate i j q : (i < d)%nat -> (j < d)%nat -> i <> j -> (start f <= q)%nat ->
      apart wins (member_input i q) (member_input j q).
    Proof.
      intros Hi Hj D Hq z H H'.
      exact (members_apart d k p etas f ok G _ _ i j q r z (is i q Hi Hq) (is j q Hj Hq) D Hr H H').
    Qed.

    (** Halting or not: at most d/(2d - 1), on the family with the tie. *)
    Theorem probability s : succeeds (valid d k p etas) wins g n with_tie s -> ((2 * d - 1) * s <= d * n)%nat.
    Proof.
      intros S. assert (D : (2 <= d)%nat) by apply ok. destruct tie_exists as [x T].
      refine (coins nat datum (network G) precision (input d) (valid d k p etas) wins g n with_tie
        (common d k p etas f) d member_input (start f) _ shared separate x s _ _ _ S); [|lia | now left | now apply
          valid_tie].
      intros i q Hi Hq. right. now apply in_class.
    Qed.

    (** If every tape halts on the common data: at most 1/d. *)
    Theorem probability_halting s : (forall b, (b < n)%nat -> exists z t, halts (g b) (common d k p etas f) z t) ->
      succeeds (valid d k p etas) wins g n members s -> (d * s <= n)%nat.
    Proof.
      intros H S. exact (coins_halting nat datum (network G) precision (input d) (valid d k p etas) wins g n members
        (common d k p etas f) d member_input (start f) in_class shared separate s H S).
    Qed.

    (** Within [M] data: at most 1/d, without the tie. *)
    Theorem probability_within M s : succeeds_within (valid d k p etas) wins g n members M s -> (d * s <= n)%nat.
    Proof.
      intros S. exact (coins_within nat datum (network G) precision (input d) (valid d k p etas) wins g n members
        (common d k p etas f) d member_input (start f) in_class shared separate M s S).
    Qed.
  End Coins.
End Barrier.
