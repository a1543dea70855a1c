(** Vectors are functions of the index, of which the first [n] values count; sums, squared norms and 1-norms. *)
From Coq Require Import QArith Ring Arith Lia.
From SciBarriers Require Import Ordered.
Local Open Scope F_scope.

Notation vec F := (nat -> car F).

Fixpoint sum {F : domain} (n : nat) (f : vec F) : F :=
  match n with O => 0 | S k => sum k f + f k end.

Definition dot {F : domain} (n : nat) (x y : vec F) : F := sum n (fun i => x i * y i).
(** The square of the Euclidean norm. *)
Definition nsq {F : domain} (n : nat) (x : vec F) : F := sum n (fun i => x i * x i).
Definition norm1 {F : domain} (n : nat) (x : vec F) : F := sum n (fun i => abs (x i)).
Definition minus {F : domain} (x y : vec F) : vec F := fun i => x i - y i.
(** The vector with the entry [h] in place [i], and 0 elsewhere. *)
Definition unit {F : domain} (i : nat) (h : F) : vec F := fun j => if (j =? i)%nat then h else 0.

Fixpoint qsum (n : nat) (f : nat -> Q) : Q := match n with O => 0%Q | S k => (qsum k f + f k)%Q end.

Section Sums.
  Variable F : domain.
  Implicit Types f g x y : vec F.
  Add Ring Fring : (domain_ring F).

  Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
  Proof.
    induction n as [|n IH]; intros H; [reflexivity|]. cbn [sum]. rewrite IH, H; [reflexivity | lia |].
    intros i Hi. apply H. lia.
  Qed.

  Lemma sum_add n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
  Proof. induction n as [|n IH]; cbn [sum]; [ring|]. rewrite IH. ring. Qed.

  Lemma sum_scale n (c : F) f : sum n (fun i => c * f i) = c * sum n f.
  Proof. induction n as [|n IH]; cbn [sum]; [ring|]. rewrite IH. ring. Qed.

  Lemma sum_sub n f g : sum n (fun i => f i - g i) = sum n f - sum n g.
  Proof. induction n as [|n IH]; cbn [sum]; [ring|]. rewrite IH. ring. Qed.

  Lemma sum_zero n f : (forall i, (i < n)%nat -> f i = 0) -> sum n f = 0.
  Proof.
    induction n as [|n IH]; intros H; [reflexivity|]. cbn [sum].
    rewrite IH, H; [ring | lia |]. intros i Hi. apply H. lia.
  Qed.

  Lemma sum_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sum n f.
  Proof.
    induction n as [|n IH]; intros H; [apply le_refl|]. cbn [sum].
    apply add_nonneg; [apply IH; intros i Hi|]; apply H; lia.
  Qed.

  Lemma sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
  Proof.
    intros H. apply le_by with (sum n (fun i => g i - f i)); [now rewrite sum_sub|].
    apply sum_nonneg. intros i Hi. now apply le_sub, H.
  Qed.

  (** In a sum of non-negative terms that is at most 0 all terms are 0. *)
  Lemma sum_vanishes n f : (forall i, (i < n)%nat -> 0 <= f i) -> sum n f <= 0 ->
    forall i, (i < n)%nat -> f i = 0.
  Proof.
    induction n as [|n IH]; intros H K i Hi; [lia|]. cbn [sum] in K.
    assert (S : 0 <= sum n f) by (apply sum_nonneg; intros j Hj; apply H; lia).
    assert (T : 0 <= f n) by (apply H; lia).
    destruct (Nat.eq_dec i n) as [->|D].
    - apply le_antisym; [|exact T]. apply le_by with (0 - (sum n f + f n) + sum n f); [ring|].
      apply add_nonneg; [now apply le_sub | exact S].
    - apply IH; [intros j Hj; apply H; lia | | lia].
      apply le_by with (0 - (sum n f + f n) + f n); [ring|].
      apply add_nonneg; [now apply le_sub | exact T].
  Qed.

  Lemma sum_single n i f : (i < n)%nat -> (forall j, (j < n)%nat -> j <> i -> f j = 0) -> sum n f = f i.
  Proof.
    induction n as [|n IH]; intros Hi H; [lia|]. cbn [sum]. destruct (Nat.eq_dec i n) as [->|D].
    - rewrite sum_zero; [ring|]. intros j Hj. apply H; lia.
    - rewrite IH, (H n); [ring | lia | lia | lia |]. intros j Hj. apply H. lia.
  Qed.

  Lemma sum_split n k f : sum (n + k) f = sum n f + sum k (fun i => f (n + i)%nat).
  Proof.
    induction k as [|k IH].
    - rewrite Nat.add_0_r. cbn [sum]. ring.
    - rewrite Nat.add_succ_r. cbn [sum]. rewrite IH. ring.
  Qed.

  Lemma sum_first n f : sum (S n) f = f O + sum n (fun i => f (S i)).
  Proof. change (S n) with (1 + n)%nat. rewrite sum_split. cbn [sum Nat.add]. ring. Qed.

  Lemma sum_const n (c : F) : sum n (fun _ => c) = inj (inject_Z (Z.of_nat n)) * c.
  Proof.
    induction n as [|n IH].
    - cbn [sum]. change (inject_Z (Z.of_nat 0)) with 0%Q. rewrite inj_zero. ring.
    - cbn [sum]. rewrite IH, Nat2Z.inj_succ. unfold Z.succ.
      rewrite (inj_eq F (inject_Z (Z.of_nat n + 1)) (inject_Z (Z.of_nat n) + 1)%Q) by now rewrite inject_Z_plus.
      rewrite inj_add, inj_one. ring.
  Qed.

  Lemma inj_qsum n (f : nat -> Q) : inj (qsum n f) = sum n (fun i => inj (f i)) :> F.
  Proof. induction n as [|n IH]; cbn [qsum sum]; [apply inj_zero|]. now rewrite inj_add, IH. Qed.

  Lemma nsq_nonneg n x : 0 <= nsq n x.
  Proof. apply sum_nonneg. intros. apply square_nonneg. Qed.

  Lemma nsq_zero n x : nsq n x <= 0 -> forall i, (i < n)%nat -> x i = 0.
  Proof.
    intros H i Hi. apply square_zero.
    rewrite (sum_vanishes n (fun i => x i * x i)); trivial; [apply le_refl | intros; apply square_nonneg].
  Qed.

  Lemma nsq_ext n x y : (forall i, (i < n)%nat -> x i = y i) -> nsq n x = nsq n y.
  Proof. intros H. apply sum_ext. intros i Hi. now rewrite H. Qed.

  Lemma nsq_entry n x i : (i < n)%nat -> x i * x i <= nsq n x.
  Proof.
    unfold nsq. induction n as [|n IH]; intros Hi; [lia|]. cbn [sum].
    destruct (Nat.eq_dec i n) as [->|D].
    - apply le_by with (nsq n x); [unfold nsq; ring | apply nsq_nonneg].
    - apply le_trans with (sum n (fun i => x i * x i)); [apply IH; lia|].
      apply le_by with (x n * x n); [ring | apply square_nonneg].
  Qed.

  Lemma cauchy_schwarz n x y : dot n x y * dot n x y <= nsq n x * nsq n y.
  Proof.
    unfold dot, nsq. induction n as [|n IH]; cbn [sum].
    - apply le_by with 0; [ring | apply le_refl].
    - set (s := sum n (fun i => x i * y i)) in *. fold (nsq n x) (nsq n y) in *.
      assert (A := nsq_nonneg n x). assert (B := nsq_nonneg n y).
      set (a := nsq n x) in *. set (b := nsq n y) in *.
      assert (P : 0 <= a * (y n * y n) + b * (x n * x n)).
      { apply add_nonneg; apply mul_nonneg; trivial; apply square_nonneg. }
      assert (C : s * x n * y n + s * x n * y n <= a * (y n * y n) + b * (x n * x n)).
      { apply square_le; [exact P|].
        apply le_by with ((a * (y n * y n) - b * (x n * x n)) * (a * (y n * y n) - b * (x n * x n))
          + (1 + 1 + 1 + 1) * ((a * b - s * s) * ((x n * y n) * (x n * y n)))); [ring|].
        assert (one_nonneg : 0 <= (1 : F)).
        { replace (1 : F) with (1 * 1 : F) by ring. apply square_nonneg. }
        apply add_nonneg; [apply square_nonneg|]. apply mul_nonneg; [repeat apply add_nonneg; trivial|].
        apply mul_nonneg; [now apply le_sub | apply square_nonneg]. }
      apply le_by with ((a * b - s * s) + (a * (y n * y n) + b * (x n * x n) - (s * x n * y n + s * x n * y n)));
        [ring|].
      apply add_nonneg; now apply le_sub.
  Qed.

  (** The parallelogram inequality: two points within [r] of a third are within [2 r] of each other, in squares. *)
  Lemma nsq_between n (z x y : vec F) r : nsq n (minus z x) <= r -> nsq n (minus z y) <= r ->
    nsq n (minus x y) <= (1 + 1 + 1 + 1) * r.
  Proof.
    intros H K. apply le_by with ((1 + 1) * ((r - nsq n (minus z x)) + (r - nsq n (minus z y)))
      + sum n (fun i => (z i - x i + (z i - y i)) * (z i - x i + (z i - y i)))).
    - unfold nsq, minus. rewrite (sum_ext n (fun i => (z i - x i + (z i - y i)) * (z i - x i + (z i - y i)))
        (fun i => (1 + 1) * ((z i - x i) * (z i - x i)) + (1 + 1) * ((z i - y i) * (z i - y i))
          - (x i - y i) * (x i - y i))) by (intros; ring).
      rewrite sum_sub, sum_add, !sum_scale. ring.
    - assert (one_nonneg : 0 <= (1 : F)).
      { replace (1 : F) with (1 * 1 : F) by ring. apply square_nonneg. }
      apply add_nonneg; [|apply sum_nonneg; intros; apply square_nonneg].
      apply mul_nonneg; apply add_nonneg; trivial; now apply le_sub.
  Qed.

  Lemma nsq_unit_minus n i (h k : F) : (i < n)%nat ->
    nsq n (minus (unit i h) (unit i k)) = (h - k) * (h - k).
  Proof.
    intros Hi. unfold nsq. rewrite (sum_single n i); trivial; unfold minus, unit.
    - now rewrite Nat.eqb_refl.
    - intros j Hj D. apply Nat.eqb_neq in D. rewrite D. ring.
  Qed.

  Lemma nsq_units n i j (h k : F) : (i < n)%nat -> (j < n)%nat -> i <> j ->
    nsq n (minus (unit i h) (unit j k)) = h * h + k * k.
  Proof.
    intros Hi Hj D. unfold nsq.
    rewrite (sum_ext n _ (fun l => unit i (h * h) l + unit j (k * k) l)).
    - rewrite sum_add. rewrite (sum_single n i), (sum_single n j); trivial; unfold unit.
      + now rewrite !Nat.eqb_refl.
      + intros l Hl E. apply Nat.eqb_neq in E. now rewrite E.
      + intros l Hl E. apply Nat.eqb_neq in E. now rewrite E.
    - intros l Hl. unfold minus, unit.
      destruct (Nat.eqb_spec l i) as [E|E], (Nat.eqb_spec l j) as [E'|E']; subst; try (exfalso; congruence); ring.
  Qed.

  Lemma norm1_unit n i (h : F) : (i < n)%nat -> 0 <= h -> norm1 n (unit i h) = h.
  Proof.
    intros Hi Hh. unfold norm1. rewrite (sum_single n i); trivial; unfold unit.
    - rewrite Nat.eqb_refl. now apply abs_of_nonneg.
    - intros j Hj D. apply Nat.eqb_neq in D. rewrite D. apply abs_of_nonneg, le_refl.
  Qed.

  Lemma dot_unit n i (h : F) x : (i < n)%nat -> dot n x (unit i h) = x i * h.
  Proof.
    intros Hi. unfold dot. rewrite (sum_single n i); trivial; unfold unit.
    - now rewrite Nat.eqb_refl.
    - intros j Hj D. apply Nat.eqb_neq in D. rewrite D. ring.
  Qed.
End Sums.

Section Embedded.
  Variables F H : domain.
  Variable u : embedding F H.

  Lemma embed_zero : u 0 = 0.
  Proof. rewrite <- (inj_zero F), <- (inj_zero H). apply embed_inj. Qed.

  Lemma embed_nsq n (x : vec F) : u (nsq n x) = nsq n (fun i => u (x i)).
  Proof.
    unfold nsq. induction n as [|n IH]; cbn [sum]; [apply embed_zero|]. now rewrite embed_add, embed_mul, IH.
  Qed.

  Lemma embed_le (x y : F) : x <= y <-> u x <= u y.
  Proof. unfold le. rewrite <- embed_sub. apply embed_nonneg. Qed.
End Embedded.
