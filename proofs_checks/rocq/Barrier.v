(** Impossibility on the class, from the data that the members share. *)
From Coq Require Import QArith ZArith List Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Problems Heights Model Impossible Counting Class Precision Data Families Roots.
Import ListNotations.

(** An input exists for every rational row: its [c] is in the rationals, or in the pairs over them. *)
Lemma input_exists d (a : nat -> Q) : exists x : input d, forall j, row d x j = a j.
Proof.
  destruct (root_exists (qsum d (fun j => a j * a j))) as [F [c [C0 C]]].
  { apply qsum_nonneg. intros i. nra. }
  unshelve eexists (Build_input d F a c C0 _); [|reflexivity].
  rewrite C, inj_qsum. apply sum_ext. intros i _. apply inj_mul.
Qed.

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
    intros Hi Hq. destruct (input_exists d (member_row f i q)) as [x E]. exists x. split; [exact Hi|].
    split; [exact Hq|]. intros j _. rewrite E. reflexivity.
  Qed.

  Lemma tie_exists : exists x, is_tie d f x.
  Proof. destruct (input_exists d (tie_row f)) as [x E]. exists x. intros j _. rewrite E. reflexivity. Qed.

  (** Of two members of one level, both of which share the common data, no answer at any sample serves both. *)
  Lemma two_members n r : (r < R)%nat -> exists x x', members x /\ members x' /\
    shares precision (valid d k p etas) (common d k p etas f) n x /\
    shares precision (valid d k p etas) (common d k p etas f) n x' /\
    apart (right_at d k p etas G (digits f) r) x x'.
  Proof.
    intros Hr. assert (D : (2 <= d)%nat) by apply ok. set (q := Nat.max n (start f)).
    destruct (member_exists 0 q ltac:(lia) ltac:(lia)) as [x M]. destruct (member_exists 1 q ltac:(lia) ltac:(lia)) as [x' M'].
    exists x, x'. split; [now exists 0%nat, q|]. split; [now exists 1%nat, q|].
    split; [apply shares_member with 0%nat q; trivial; lia|]. split; [apply shares_member with 1%nat q; trivial; lia|].
    intros phi H H'. apply (members_apart d k p etas f ok G x x' 0 1 q r phi); trivial; lia.
  Qed.

  (** No algorithm has the digits at sample [r] on the family with the tie. *)
  Theorem no_algorithm r : (r < R)%nat -> forall g : algorithm,
    ~ solves (valid d k p etas) (right_at d k p etas G (digits f) r) with_tie g.
  Proof.
    intros Hr. destruct tie_exists as [x T].
    apply (impossible nat datum (network G) precision (input d) (valid d k p etas) _ with_tie (common d k p etas f)) with x.
    - intros n. destruct (two_members n r Hr) as [u [u' [M [M' H]]]]. exists u, u'. unfold with_tie. tauto.
    - now left.
    - now apply valid_tie.
  Qed.

  (** No algorithm has them on the members alone from a bounded number of data. *)
  Theorem no_algorithm_within r : (r < R)%nat -> forall M (g : algorithm),
    ~ solves_within (valid d k p etas) (right_at d k p etas G (digits f) r) members M g.
  Proof.
    intros Hr. apply (impossible_within nat datum (network G) precision (input d) (valid d k p etas) _ members (common d k p etas f)).
    intros n. destruct (two_members n r Hr) as [u [u' [M [M' H]]]]. now exists u, u'.
  Qed.

  (** The instance that is failed: an algorithm that halts on the common data fails, for every level [q] that is large
      enough and each sample, on all members of the level but one. *)
  Theorem fails_all_but_one r (g : algorithm) phi t : (r < R)%nat ->
    halts g (common d k p etas f) phi t -> forall q, (Nat.max (start f) (depth precision t) <= q)%nat ->
    exists i0, forall i x, i <> i0 -> is_member d f i q x ->
      exists o, valid d k p etas x o /\ halts g o phi t /\ ~ right_at d k p etas G (digits f) r x phi.
  Proof.
    intros Hr H q Hq. assert (D : (2 <= d)%nat) by apply ok.
    assert (Dec : forall i, {near_vertex : (i < d)%nat /\ (nsq (columns d k) (minus (phi (sample k etas r))
        (unit i (inj (height p (eta etas r) (peak f q))))) <= inj (ten_minus (digits f) * ten_minus (digits f))%Q)%F | True} +
      {~ ((i < d)%nat /\ (nsq (columns d k) (minus (phi (sample k etas r))
        (unit i (inj (height p (eta etas r) (peak f q))))) <= inj (ten_minus (digits f) * ten_minus (digits f))%Q)%F)}).
    { intros i. destruct (le_lt_dec d i) as [L|L]; [right; lia|].
      destruct (le_dec G (nsq (columns d k) (minus (phi (sample k etas r))
        (unit i (inj (height p (eta etas r) (peak f q)))))) (inj (ten_minus (digits f) * ten_minus (digits f))%Q)) as [C|C].
      - left. exists (conj L C). exact I.
      - right. intros [_ C']. now apply C. }
    assert (S : forall e, (exists i, (i < e)%nat /\ exists _ : (i < d)%nat, (nsq (columns d k) (minus (phi (sample k etas r))
        (unit i (inj (height p (eta etas r) (peak f q))))) <= inj (ten_minus (digits f) * ten_minus (digits f))%Q)%F) \/
      forall i, (i < e)%nat -> ~ ((i < d)%nat /\ (nsq (columns d k) (minus (phi (sample k etas r))
        (unit i (inj (height p (eta etas r) (peak f q))))) <= inj (ten_minus (digits f) * ten_minus (digits f))%Q)%F)).
    { induction e as [|e [[i [Hi E]]|IH]]; [right; intros; lia | left; exists i; split; [lia | exact E] |].
      destruct (Dec e) as [[[L C] _]|C].
      - left. exists e. split; [lia | now exists L].
      - right. intros i Hi. destruct (Nat.eq_dec i e) as [->|]; [exact C | apply IH; lia]. }
    assert (Data : forall x i, is_member d f i q x -> exists o, valid d k p etas x o /\ halts g o phi t).
    { intros x i M. destruct (shares_member d k p etas f ok x i q q M ltac:(lia)) as [o [V A]]. exists o. split; [exact V|].
      refine (consistent_halts _ _ _ precision g _ o q phi t A _ H). lia. }
    destruct (S d) as [[i0 [H0 [L0 C0]]]|None].
    - exists i0. intros i x Ne M. destruct (Data x i M) as [o [V K]]. exists o. split; [exact V|]. split; [exact K|].
      intros Rt. destruct (member_exists i0 q H0 ltac:(lia)) as [x0 M0].
      apply (members_apart d k p etas f ok G x x0 i i0 q r phi M M0 Ne Hr Rt).
      now apply (right_member d k p etas f ok G x0 i0 q).
    - exists d. intros i x _ M. destruct (Data x i M) as [o [V K]]. exists o. split; [exact V|]. split; [exact K|].
      intros Rt. apply (right_member d k p etas f ok G x i q) in Rt; trivial. apply (None i (proj1 M)). split; [apply M | exact Rt].
  Qed.
End Barrier.
