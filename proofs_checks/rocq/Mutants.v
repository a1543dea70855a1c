(** Mutants of the definitions, and the main theorems that are false then, or true whatever the data are. *)
From Coq Require Import QArith ZArith List Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Problems Heights Model Impossible Counting Class Precision Data Families
  Roots Barrier Reach Breakdown Instance.
Import ListNotations.

Section Mutants.
  Variables d k : nat.
  Variable p : problem.
  Variable etas : list Q.
  Variable s : family.
  Hypothesis ok_s : admissible_class d p etas s.
  Variable G : domain.
  Notation algorithm := (algorithm nat datum (network G)).
  Notation admissible_data := (valid d k p etas).
  Notation has_digits T r := (right_at d k p etas G T r).

  Let d_two : (2 <= d)%nat.
  Proof. apply ok_s. Qed.

  (** [solves] without halting ("if it answers, it is right"): K digits are possible, for it need not answer. *)
  Definition solves_if_it_halts (class : input d -> Prop) (right : input d -> network G -> Prop) (g : algorithm) :
    Prop :=
    forall x, class x -> forall o, admissible_data x o -> forall z t, halts g o z t -> right x z.

  Theorem halting_is_needed r : exists g, solves_if_it_halts (with_tie d s) (has_digits (digits s) r) g.
  Proof. exists (fun _ => Read 0%nat). intros x _ o _ z t [j [_ E]]. discriminate E. Qed.

  (** [valid] that nothing satisfies, or a class without inputs: K digits are possible. *)
  Theorem data_are_needed r : exists g : algorithm,
    solves (fun _ _ => False) (has_digits (digits s) r) (with_tie d s) g.
  Proof. exists (fun _ => Read 0%nat). intros x _ o []. Qed.

  Theorem inputs_are_needed r : exists g : algorithm,
    solves admissible_data (has_digits (digits s) r) (fun _ => False) g.
  Proof. exists (fun _ => Read 0%nat). intros x []. Qed.

  (** The strong family without its tie: K digits are possible. *)
  Theorem the_tie_is_needed : exists g : algorithm,
    solves admissible_data (right d k p etas G (digits s)) (members d s) g.
  Proof.
    exists (by_last G 1 (wait d p G s)). intros x C o V. apply (wait_solves d k p etas G s ok_s 1 x C). intros n.
    apply V.
  Qed.

  (** Near to all minimisers in place of one: no network is right for the tie, whatever is known of it. *)
  Definition near_all (T r : nat) (x : input d) (phi : network G) : Prop :=
    forall v : nat -> Q, minimiser p (rows k) (columns d k) (A d x) (y d etas x r) (fun j => inj (v j)) ->
      (nsq (columns d k) (minus (phi (sample k etas r)) (fun j => inj (v j))) <= inj (ten_minus T * ten_minus T)%Q)%F.

  Theorem one_minimiser_is_enough r phi x : (r < length etas)%nat -> is_tie d s x -> ~ near_all (digits s) r x phi.
  Proof.
    intros Hr E N. set (h := height p (eta etas r) (base s)).
    assert (U : forall i, (i < d)%nat -> (nsq (columns d k) (minus (phi (sample k etas r)) (unit i (inj h)))
      <= inj (ten_minus (digits s) * ten_minus (digits s))%Q)%F).
    { intros i Hi. assert (B := N _ (tie_minimiser d k p etas s ok_s x i r E Hi Hr)). fold h in B.
      rewrite (nsq_ext G _ _ (minus (phi (sample k etas r)) (fun j => inj (if (j =? i)%nat then h else 0%Q)))); [exact
        B|].
      intros j _. unfold minus, unit. destruct (j =? i)%nat; [reflexivity | now rewrite inj_zero]. }
    assert (B := nsq_between G _ _ _ _ _ (U 0%nat ltac:(lia)) (U 1%nat ltac:(lia))).
    rewrite nsq_units in B; [| unfold columns; lia | unfold columns; lia | lia].
    rewrite <- !inj_mul, <- !inj_add, <- inj_one, <- !inj_add, <- inj_mul in B. apply inj_le in B.
    assert (S := separated d p etas s ok_s r (start s) Hr (le_n _)).
    destruct (heights_between d p etas s ok_s r (start s) Hr (le_n _)) as [_ L].
    assert (V := height_positive d p etas s ok_s r (start s) Hr). cbv beta in *. fold h in L.
    set (u := height p (eta etas r) (peak s (start s))) in *. clearbody u h. nra.
  Qed.

  (** [at_least] without [NoDup]: one lucky tape counts as often as one likes, and the bound of the coins is false. *)
  Definition at_least_with_repetition (n l : nat) (P : nat -> Prop) : Prop :=
    exists t : list nat, (forall b, In b t -> (b < n)%nat /\ P b) /\ (l <= length t)%nat.

  Theorem distinct_tapes_are_needed : exists (g : nat -> algorithm) n l,
    (forall x, with_tie d s x -> forall o, admissible_data x o -> at_least_with_repetition n l
      (success (right d k p etas G (digits s)) g x o)) /\ ~ ((2 * d - 1) * l <= d * n)%nat.
  Proof.
    exists (mixed d p G s), (2 * d - 1)%nat, (S d). split; [|nia]. intros x C o V.
    destruct (mixed_attains d k p etas G s ok_s x C o (fun n => proj1 (V n))) as [[|b t] [_ [H L]]]; [cbn in L; lia|].
    exists (repeat b (S d)). split; [|now rewrite repeat_length]. intros b' I. apply repeat_spec in I. subst b'.
    apply H. now left.
  Qed.

  (** The weak family. *)
  Variable w : family.
  Hypothesis ok_w : admissible_class d p etas w.

  (** [valid] that everything satisfies: K - 1 digits are impossible, with any number of data. *)
  Theorem validity_is_needed r : (r < length etas)%nat -> forall g : algorithm,
    ~ solves (fun _ _ => True) (has_digits (digits w) r) (members d w) g.
  Proof.
    intros Hr g S. destruct (two_members d k p etas w ok_w G 0%nat r Hr) as [x [x' [M [M' [_ [_ A]]]]]].
    set (o := common d k p etas w). destruct (S x M o I) as [z [t [H R]]]. destruct (S x' M' o I) as [z' [t' [H' R']]].
    destruct (deterministic _ _ _ g o z z' t t' H H') as [-> _]. exact (A z' R R').
  Qed.

  (** [near] with [2^0] in place of [2^-n]: the same, although the data are those of some input. *)
  Theorem precision_is_needed r : (r < length etas)%nat -> forall g : algorithm,
    ~ solves (fun x o => forall n, valid_at d k p etas x 0%nat (o n)) (has_digits (digits w) r) (members d w) g.
  Proof.
    intros Hr g S. destruct (two_members d k p etas w ok_w G 0%nat r Hr) as [x [x' [M [M' [Sh [Sh' A]]]]]].
    set (o := fun _ : nat => common d k p etas w 0%nat).
    assert (V : forall u, shares precision admissible_data (common d k p etas w) 0%nat u ->
      forall n, valid_at d k p etas u 0%nat (o n)).
    { intros u [o' [V' Ag]] n. unfold o. rewrite <- (Ag 0%nat (le_n _)). apply V'. }
    destruct (S x M o (V x Sh)) as [z [t [H R]]]. destruct (S x' M' o (V x' Sh')) as [z' [t' [H' R']]].
    destruct (deterministic _ _ _ g o z z' t t' H H') as [-> _]. exact (A z' R R').
  Qed.

  (** [solves_within] without the bound on the reads: K - 1 digits are possible on the weak family. *)
  Theorem the_bound_on_reads_is_needed : exists g : algorithm,
    solves admissible_data (right d k p etas G (digits w)) (members d w) g.
  Proof.
    exists (by_last G 1 (wait d p G w)). intros x C o V. apply (wait_solves d k p etas G w ok_w 1 x C). intros n.
    apply V.
  Qed.

  (** The weak family with the tie: K - 1 digits are impossible on it, so that it must not have one. *)
  Theorem no_weak_tie r : (r < length etas)%nat -> forall g : algorithm,
    ~ solves admissible_data (has_digits (digits w) r) (with_tie d w) g.
  Proof. now apply (no_algorithm d k p etas w ok_w G). Qed.
End Mutants.

(** [minimiser] without minimality (any point that has a cost): the network 0 has all digits, for (P2). *)
Theorem minimality_is_needed (F G : domain) lambda m N (A : matrix F) (y : vec F) T : exists v : nat -> Q,
  (exists b, cost (Lasso lambda) m N A y (fun j => inj (v j)) b) /\
  (nsq N (minus (fun _ => 0) (fun j => inj (v j) : G)) <= inj (ten_minus T * ten_minus T)%Q)%F.
Proof.
  exists (fun _ => 0%Q). split; [eexists; apply le_refl|]. unfold nsq. rewrite (sum_zero G).
  - rewrite <- inj_zero. apply inj_le. unfold ten_minus. discriminate.
  - intros j _. unfold minus. rewrite inj_zero, <- (inj_zero G), <- inj_sub, <- inj_mul. apply inj_eq. ring.
Qed.

(** The conditions of the class without (i): K digits are possible, by the network 0. *)
Definition coarse3 : family := {| base := 400; shift := 0; digits := 1; start := 0 |}.

Theorem separation_is_needed p (g := fun _ => Answer (nothing rationals)) : In p problems3 ->
  (forall r, (r < length e1)%nat -> admissible p (eta e1 r) (base coarse3) /\
    let h := height p (eta e1 r) (base coarse3) in let hq := height p (eta e1 r) (peak coarse3 (start coarse3)) in
    let e := ten_minus (digits coarse3) in (h - hq <= e)%Q /\ (2 * (h * h) <= 100 * (e * e))%Q) /\
  solves (valid d3 k1 p e1) (right d3 k1 p e1 rationals (digits coarse3)) (with_tie d3 coarse3) g.
Proof.
  intros H. destruct (admissible3 p H) as [Hs Hw]. split.
  - intros [|r] Hr; [|cbn in Hr; lia]. destruct H as [<-|[<-|[<-|[]]]]; vm_compute; repeat split; congruence.
  - intros x C o _. exists (nothing rationals), []. split; [exists 0%nat; now split|].
    apply (two_digits_less d3 k1 p e1 rationals strong3 weak3 Hs Hw); [| reflexivity | now left]. vm_compute.
    reflexivity.
Qed.
