(** All minimisers of a block matrix for the sample [eta e_1], by the gap between the objective and its bound. *)
From Coq Require Import QArith Ring Field Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Problems.

(** Sizes: [d] columns compete, and there are [k] further rows and columns; [m = k + 1], [N = d + k]. *)
Definition rows (k : nat) : nat := S k.
Definition columns (d k : nat) : nat := (d + k)%nat.

Local Open Scope F_scope.

(** The row [a] in the first row, [c] times the identity below it. *)
Definition block {F : domain} (d : nat) (a : vec F) (c : F) : matrix F := fun i j =>
  match i with
  | O => if (j <? d)%nat then a j else 0
  | S i => if (j =? d + i)%nat then c else 0
  end.

(** The height of the minimisers: the sum of their entries. *)
Definition height (p : problem) (eta t : Q) : Q :=
  match p with
  | BPDN eps => ((eta - eps) / t)%Q
  | Lasso lambda => ((eta - lambda / (2 * t)) / t)%Q
  | SqrtLasso _ => (eta / t)%Q
  end.

(** The conditions on the parameter, for the largest entry [t] of the row. *)
Definition admissible (p : problem) (eta t : Q) : Prop :=
  (0 < t)%Q /\ (0 < eta)%Q /\
  match p with
  | BPDN eps => (0 < eps)%Q /\ (eps < eta)%Q
  | Lasso lambda => (0 < lambda)%Q /\ (lambda <= 2 * t * eta)%Q
  | SqrtLasso lambda => (0 < lambda)%Q /\ (lambda < t)%Q
  end.

(** [h] times the convex hull of the unit vectors of the columns whose entry is the largest, [t]. *)
Definition in_simplex {F : domain} (d k : nat) (a : vec F) (t h : F) (x : vec F) : Prop :=
  (forall j, (j < d)%nat -> a j = t -> 0 <= x j) /\ (forall j, (j < d)%nat -> a j <> t -> x j = 0) /\
  (forall i, (i < k)%nat -> x (d + i)%nat = 0) /\ sum d x = h.

Lemma height_nonneg p eta t : admissible p eta t -> (0 <= height p eta t)%Q.
Proof.
  unfold admissible. intros [T [E H]]. destruct p as [e|l|l]; cbn [height].
  - apply Qle_shift_div_l; [exact T|]. lra.
  - apply Qle_shift_div_l; [exact T|]. assert (K : (l / (2 * t) <= eta)%Q).
    { apply Qle_shift_div_r; [lra|]. lra. } lra.
  - apply Qle_shift_div_l; [exact T|]. lra.
Qed.

Section Block.
  Variable F : domain.
  Variables d k : nat.
  Variable a : vec F.
  Variable c : F.
  Add Ring Fring : (domain_ring F).
  Notation N := (columns d k).
  Notation m := (rows k).

  Implicit Types x : vec F.

  Lemma row_first (x : vec F) : sum N (fun j => block d a c O j * x j) = dot d a x.
  Proof.
    unfold columns. rewrite sum_split. rewrite (sum_zero F k).
    - unfold dot. rewrite (sum_ext F d _ (fun i => a i * x i)); [ring|].
      intros i Hi. cbn [block]. apply Nat.ltb_lt in Hi. now rewrite Hi.
    - intros i Hi. cbn [block]. replace (d + i <? d)%nat with false; [ring|]. symmetry. apply Nat.ltb_ge. lia.
  Qed.

  Lemma row_below (x : vec F) i : (i < k)%nat -> sum N (fun j => block d a c (S i) j * x j) = c * x (d + i)%nat.
  Proof.
    intros Hi. unfold columns. rewrite (sum_single F (d + k) (d + i)); [|lia|].
    - cbn [block]. now rewrite Nat.eqb_refl.
    - intros j Hj D. cbn [block]. apply Nat.eqb_neq in D. rewrite D. ring.
  Qed.

  Definition tail (x : vec F) : F := sum k (fun i => (c * x (d + i)%nat) * (c * x (d + i)%nat)).

  Lemma nsq_residual (eta : F) (x : vec F) :
    nsq m (residual N (block d a c) (unit O eta) x) = (dot d a x - eta) * (dot d a x - eta) + tail x.
  Proof.
    unfold nsq, rows. rewrite sum_first. unfold residual. rewrite row_first. unfold tail. f_equal.
    apply sum_ext. intros i Hi. rewrite row_below by exact Hi. unfold unit. cbn [Nat.eqb]. ring.
  Qed.

  Lemma tail_nonneg x : 0 <= tail x.
  Proof. apply sum_nonneg. intros. apply square_nonneg. Qed.

  Variable t : F.
  Hypothesis t_pos : 0 < t.
  Hypothesis a_bounds : forall j, (j < d)%nat -> 0 <= a j /\ a j <= t.

  Lemma norm1_split x : norm1 N x = norm1 d x + sum k (fun i => abs (x (d + i)%nat)).
  Proof. unfold norm1, columns. apply sum_split. Qed.

  Lemma entry_le x j : (j < d)%nat -> 0 <= t * abs (x j) - a j * x j.
  Proof.
    intros Hj. destruct (a_bounds j Hj) as [A0 At].
    replace (t * abs (x j) - a j * x j) with ((t - a j) * abs (x j) + a j * (abs (x j) - x j)) by ring.
    apply add_nonneg; apply mul_nonneg; trivial; [now apply le_sub | apply abs_nonneg | apply le_sub, abs_le].
  Qed.

  Lemma gap_split x : t * norm1 N x - dot d a x =
    sum d (fun j => t * abs (x j) - a j * x j) + sum k (fun i => t * abs (x (d + i)%nat)).
  Proof. rewrite norm1_split. unfold norm1, dot. rewrite sum_sub, !sum_scale. ring. Qed.

  Lemma rest_nonneg x : 0 <= sum k (fun i => t * abs (x (d + i)%nat)).
  Proof. apply sum_nonneg. intros. apply mul_nonneg; [now apply lt_le | apply abs_nonneg]. Qed.

  Lemma gap_nonneg x : 0 <= t * norm1 N x - dot d a x.
  Proof.
    rewrite gap_split. apply add_nonneg; [|apply rest_nonneg].
    apply sum_nonneg. intros j Hj. now apply entry_le.
  Qed.

  (** Where the gap of the 1-norm vanishes. *)
  Lemma tight x h : t * norm1 N x - dot d a x <= 0 -> dot d a x = t * h -> in_simplex d k a t h x.
  Proof.
    intros G W. rewrite gap_split in G.
    set (s := sum d (fun j => t * abs (x j) - a j * x j)) in *.
    set (r := sum k (fun i => t * abs (x (d + i)%nat))) in *.
    assert (S0 : 0 <= s) by (apply sum_nonneg; intros j Hj; now apply entry_le).
    assert (R0 : 0 <= r) by apply rest_nonneg.
    assert (S1 : s <= 0).
    { apply le_by with (0 - (s + r) + r); [ring|]. apply add_nonneg; [now apply le_sub | exact R0]. }
    assert (R1 : r <= 0).
    { apply le_by with (0 - (s + r) + s); [ring|]. apply add_nonneg; [now apply le_sub | exact S0]. }
    assert (E := sum_vanishes F d _ (fun j Hj => entry_le x j Hj) S1). cbv beta in E.
    assert (A : forall j, (j < d)%nat -> a j = t -> 0 <= x j).
    { intros j Hj Ht. specialize (E j Hj). rewrite Ht in E.
      assert (X : x j = abs (x j)).
      { apply cancel_eq with t; [exact t_pos|].
        replace (t * abs (x j)) with (t * abs (x j) - t * x j + t * x j) by ring.
        rewrite E. ring. }
      rewrite X. apply abs_nonneg. }
    assert (B : forall j, (j < d)%nat -> a j <> t -> x j = 0).
    { intros j Hj Ht. specialize (E j Hj). destruct (a_bounds j Hj) as [A0 At].
      assert (L : 0 < t - a j).
      { intros L. apply Ht. apply le_antisym; [exact At|].
        apply le_by with (0 - (t - a j)); [ring | now apply le_sub]. }
      apply abs_zero. apply cancel with (t - a j); [exact L|].
      apply le_by with (a j * (abs (x j) - x j)).
      - replace (a j * (abs (x j) - x j)) with (a j * (abs (x j) - x j) - (t * abs (x j) - a j * x j)) by (rewrite E;
        ring).
        ring.
      - apply mul_nonneg; [exact A0 | apply le_sub, abs_le]. }
    split; [exact A|]. split; [exact B|]. split.
    - intros i Hi. apply abs_zero. apply cancel with t; [exact t_pos|].
      rewrite (sum_vanishes F k (fun i => t * abs (x (d + i)%nat))); trivial; [apply le_refl|].
      intros l Hl. apply mul_nonneg; [now apply lt_le | apply abs_nonneg].
    - apply cancel_eq with t; [exact t_pos|]. rewrite <- W. rewrite <- sum_scale. apply sum_ext.
      intros j Hj. specialize (E j Hj). destruct (le_dec F t (a j)) as [L|L].
      + assert (X : a j = t) by (apply le_antisym; [apply a_bounds|]; trivial). now rewrite X.
      + rewrite (B j Hj); [ring|]. intros X. apply L. rewrite X. apply le_refl.
  Qed.

  Lemma simplex_facts h x : in_simplex d k a t h x -> 0 <= h -> norm1 N x = h /\ dot d a x = t * h /\ tail x = 0.
  Proof.
    intros [A [B [C S]]] Hh. assert (P : forall j, (j < d)%nat -> 0 <= x j).
    { intros j Hj. destruct (le_dec F t (a j)) as [L|L].
      - apply A; [exact Hj|]. apply le_antisym; [apply a_bounds|]; trivial.
      - rewrite B; [apply le_refl | exact Hj |]. intros X. apply L. rewrite X. apply le_refl. }
    repeat split.
    - rewrite norm1_split. rewrite (sum_zero F k).
      + rewrite <- S. unfold norm1. rewrite (sum_ext F d (fun i => abs (x i)) x); [ring|].
        intros j Hj. now apply abs_of_nonneg, P.
      + intros i Hi. rewrite C by exact Hi. apply abs_of_nonneg, le_refl.
    - rewrite <- S. unfold dot. rewrite <- sum_scale. apply sum_ext. intros j Hj.
      destruct (le_dec F t (a j)) as [L|L].
      + assert (X : a j = t) by (apply le_antisym; [apply a_bounds|]; trivial). now rewrite X.
      + rewrite (B j Hj); [ring|]. intros X. apply L. rewrite X. apply le_refl.
    - unfold tail. apply sum_zero. intros i Hi. rewrite C by exact Hi. ring.
  Qed.
End Block.
