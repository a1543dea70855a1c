(** The common oracle gives admissible training data, of the tie and, up to precision [q], of every member [(i, q)]. *)
From Coq Require Import QArith ZArith List Arith Lia Lqa Ring.
From SciBarriers Require Import Ordered Sums Problems Heights Minimisers Model Class Precision.
Import ListNotations.
Local Open Scope F_scope.

(** The definitions look at the entries within the sizes only. *)
Lemma minimiser_ext {F : domain} p m N (B B' : matrix F) (y y' x x' : vec F) :
  (forall i j, (i < m)%nat -> (j < N)%nat -> B i j = B' i j) -> (forall i, (i < m)%nat -> y i = y' i) ->
  (forall j, (j < N)%nat -> x j = x' j) -> minimiser p m N B y x -> minimiser p m N B' y' x'.
Proof.
  intros HB Hy Hx.
  assert (R : forall u u' : vec F, (forall j, (j < N)%nat -> u j = u' j) ->
    nsq m (residual N B y u) = nsq m (residual N B' y' u') /\ norm1 N u = norm1 N u').
  { intros u u' Hu. split.
    - apply nsq_ext. intros i Hi. unfold residual. rewrite (Hy i Hi). f_equal. apply sum_ext.
      intros j Hj. now rewrite HB, Hu.
    - unfold norm1. apply sum_ext. intros j Hj. now rewrite Hu. }
  assert (C : forall (u u' : vec F) v, (forall j, (j < N)%nat -> u j = u' j) ->
    cost p m N B y u v <-> cost p m N B' y' u' v).
  { intros u u' v Hu. destruct (R u u' Hu) as [R1 R2]. unfold cost. rewrite R1, R2. reflexivity. }
  intros [v [V M]]. exists v. split; [now apply (C x x' v Hx)|].
  intros z w H. apply (M z w). now apply (C z z w (fun _ _ => eq_refl)).
Qed.

Section Data.
  Variables d k : nat.
  Variable p : problem.
  Variable etas : list Q.
  Notation m := (rows k).
  Notation N := (columns d k).
  Notation input := (input d).

  Section Honest.
    Variable x : input.
    Notation F := (domain_of d x).
    Add Ring Fring : (domain_ring (domain_of d x)).
    Let pos q : (0 <= q)%Q -> 0 <= (inj q : F).
    Proof. intros H. rewrite <- inj_zero. now apply inj_le. Qed.

    Variable a : nat -> Q.
    Variable n : nat.
    Notation e := (inj (two_minus n) : F).
    Notation b := (fun j => inj (row d x j) - inj (a j) : F).
    Notation s := (qsum d (fun j => a j * a j)%Q).
    Notation cn := (root_above n s).

    Let s_nonneg : (0 <= s)%Q.
    Proof. apply qsum_nonneg. intros i. nra. Qed.

    Let s_sum : inj s = nsq d (fun j => inj (a j)) :> F.
    Proof. rewrite inj_qsum. apply sum_ext. intros i _. now rewrite inj_mul. Qed.

    (** [|c_n - c| <= 2^-n] if the row of the input is at least [a], and by at most [2^-n] in norm. *)
    Lemma near_root : (forall j, (j < d)%nat -> (0 <= a j)%Q /\ (a j <= row d x j)%Q) -> nsq d b <= e * e ->
      (inj cn - root d x) * (inj cn - root d x) <= e * e.
    Proof.
      intros H B. destruct (root_above_spec n s s_nonneg) as [S1 [S2 S3]].
      assert (Cn : 0 <= (inj cn : F)). { apply pos.
      apply Qle_trans with (two_minus n); [apply Qlt_le_weak, two_minus_pos | exact S2]. }
      assert (E0 : 0 <= e) by (apply pos, Qlt_le_weak, two_minus_pos).
      assert (Sq : root d x * root d x = nsq d (fun j => inj (row d x j))) by apply root_square.
      assert (Row : nsq d (fun j => inj (row d x j)) =
        inj s + (1 + 1) * dot d (fun j => inj (a j)) b + nsq d b).
      { rewrite s_sum. unfold nsq, dot. rewrite <- sum_scale, <- !sum_add. apply sum_ext. intros j _. ring. }
      apply square_bound.
      - apply le_by with (root d x - (inj cn - e)); [ring|]. apply le_sub. apply square_le; [apply root_nonneg|].
        rewrite Sq, Row. rewrite <- inj_sub, <- inj_mul. apply (inj_le (domain_of d x)) in S3.
        eapply le_trans; [exact S3|].
        apply le_by with ((1 + 1) * dot d (fun j => inj (a j)) b + nsq d b); [ring|].
        assert (one_nonneg : 0 <= (1 : F)) by (rewrite <- inj_one; apply pos; lra).
        apply add_nonneg; [|apply nsq_nonneg]. apply mul_nonneg; [now apply add_nonneg|].
        apply sum_nonneg. intros j Hj. destruct (H j Hj) as [H0 H1].
        apply mul_nonneg; [now apply pos|]. apply le_sub. now apply inj_le.
      - apply le_by with (inj cn + e - root d x); [ring|]. apply le_sub.
        apply square_le; [now apply add_nonneg|]. rewrite Sq, Row.
        assert (Dot : dot d (fun j => inj (a j)) b <= inj cn * e).
        { apply square_le; [now apply mul_nonneg|].
          apply le_trans with (nsq d (fun j => inj (a j)) * nsq d b); [apply cauchy_schwarz|].
          rewrite <- s_sum. apply (inj_le (domain_of d x)) in S1. rewrite inj_mul in S1.
          apply le_by with ((inj cn * inj cn - inj s) * (e * e) + inj s * (e * e - nsq d b)); [ring|].
          apply add_nonneg; apply mul_nonneg; try (now apply le_sub); [now apply mul_nonneg | now apply pos]. }
        apply (inj_le (domain_of d x)) in S1. rewrite inj_mul in S1.
        apply le_by with ((inj cn * inj cn - inj s) + (1 + 1) * (inj cn * e - dot d (fun j => inj (a j)) b)
          + (e * e - nsq d b)); [ring|].
        assert (one_nonneg : 0 <= (1 : F)) by (rewrite <- inj_one; apply pos; lra).
        repeat apply add_nonneg; try (now apply le_sub). apply mul_nonneg; [now apply add_nonneg | now apply le_sub].
    Qed.

    Lemma near_block : (forall j, (j < d)%nat -> (0 <= a j)%Q /\ (a j <= row d x j)%Q) -> nsq d b <= e * e ->
      near_matrix d k x n (matrix_n (honest d k p etas a O 0 n)).
    Proof.
      intros H B v. assert (C := near_root H B). cbn [honest matrix_n].
      assert (R : forall i, (i < m)%nat -> sum N (fun j => (inj (entry (table m (fun l => table N (rational_block d a
        cn l))) i j)
          - A d x i j) * v j) =
        sum N (fun j => block d (fun j => - b j) (inj cn - root d x) i j * v j)).
      { intros i Hi. apply sum_ext. intros j Hj. rewrite entry_table by trivial. f_equal.
        unfold A, block, rational_block. destruct i as [|i].
        - destruct (j <? d)%nat; [ring | rewrite inj_zero; ring].
        - destruct (j =? d + i)%nat; [ring | rewrite inj_zero; ring]. }
      rewrite (nsq_ext _ _ _ _ R). unfold nsq at 1. unfold rows. rewrite sum_first.
      rewrite (row_first (domain_of d x) d k (fun j => - b j) (inj cn - root d x) v).
      rewrite (sum_ext _ k _ (fun i => (inj cn - root d x) * (inj cn - root d x) * (v (d + i)%nat * v (d + i)%nat))).
      2:{ intros i Hi. rewrite (row_below (domain_of d x) d k (fun j => - b j) (inj cn - root d x) v i Hi). ring. }
      rewrite sum_scale. rewrite inj_mul. unfold columns, nsq. rewrite sum_split.
      set (V := sum d (fun i => v i * v i)). set (W := sum k (fun i => v (d + i)%nat * v (d + i)%nat)).
      assert (W0 : 0 <= W) by (apply sum_nonneg; intros; apply square_nonneg).
      assert (V0 : 0 <= V) by (apply sum_nonneg; intros; apply square_nonneg).
      assert (Dot := cauchy_schwarz (domain_of d x) d (fun j => - b j) v).
      assert (Nb : nsq d (fun j => - b j) = nsq d b) by (apply sum_ext; intros; ring).
      cbv beta in *. rewrite Nb in Dot.
      change (nsq d v) with V in Dot.
      set (D := dot d (fun j => - b j) v) in *. set (g := inj cn - root d x) in *.
      apply le_by with ((nsq d b * V - D * D) + (e * e - nsq d b) * V + (e * e - g * g) * W); [ring|].
      repeat apply add_nonneg; try (now apply le_sub); apply mul_nonneg; trivial; now apply le_sub.
    Qed.

    Lemma near_samples r i0 t : (r < length etas)%nat ->
      near_sample d k etas x n r (samples_n (honest d k p etas a i0 t n)).
    Proof.
      intros Hr. unfold near_sample. cbn [honest samples_n].
      unfold nsq. rewrite (sum_zero (domain_of d x)).
      - rewrite inj_mul. apply square_nonneg.
      - intros i Hi. assert (E : inj (entry (map (fun e0 : Q => e0 :: table k (fun _ => 0%Q)) etas) r i) = y d etas x
        r i :> F).
        { rewrite (entry_map etas _ r i 1%Q Hr). unfold y, unit, eta. destruct i as [|i]; [reflexivity|].
          cbn [nth Nat.eqb]. rewrite nth_table by (unfold rows in Hi; lia). apply inj_zero. }
        unfold minus. rewrite E. ring.
    Qed.

    Lemma near_points r i0 t : (r < length etas)%nat -> (i0 < d)%nat -> a i0 == t ->
      (forall j, (j < d)%nat -> (0 <= a j)%Q /\ (a j <= t)%Q) -> admissible p (eta etas r) t ->
      near_minimiser d k p x n r (honest d k p etas a i0 t n).
    Proof.
      intros Hr Hi Ht H Ad. unfold near_minimiser. cbn [honest matrix_n samples_n points_n].
      set (h := height p (eta etas r) t).
      exists (unit i0 (inj h)). split.
      - assert (Bounds : forall j, (j < d)%nat -> 0 <= (inj (a j) : F) /\ inj (a j) <= (inj t : F)).
        { intros j Hj. destruct (H j Hj). split; [now apply pos | now apply inj_le]. }
        assert (M := minimisers F d k (fun j => inj (a j)) (inj cn) t (eta etas r) Bounds p Ad
          (ex_intro _ i0 (conj Hi (inj_eq F _ _ Ht)))).
        refine (minimiser_ext p m N _ _ _ _ _ _ _ _ _ (proj2 (M (unit i0 (inj h))) _)).
        + intros i j Hi' Hj. rewrite entry_table by trivial. unfold block, rational_block. destruct i as [|i].
          * destruct (j <? d)%nat; [reflexivity | now rewrite inj_zero].
          * destruct (j =? d + i)%nat; [reflexivity | now rewrite inj_zero].
        + intros i Hi'. rewrite (entry_map etas _ r i 1%Q Hr). unfold unit, eta. destruct i as [|i]; [reflexivity|].
          cbn [nth Nat.eqb]. rewrite nth_table by (unfold rows in Hi'; lia). now rewrite inj_zero.
        + reflexivity.
        + assert (H0 : 0 <= (inj h : F)) by (apply pos; now apply height_nonneg).
          split; [|split; [|split]].
          * intros j Hj _. unfold unit. destruct (j =? i0)%nat; [exact H0 | apply le_refl].
          * intros j Hj D. unfold unit. destruct (Nat.eqb_spec j i0) as [->|]; [|reflexivity].
            elim D. now apply inj_eq.
          * intros i Hi'. unfold unit. destruct (Nat.eqb_spec (d + i) i0); [lia | reflexivity].
          * rewrite (sum_single F d i0); trivial; unfold unit.
            -- now rewrite Nat.eqb_refl.
            -- intros j Hj D. apply Nat.eqb_neq in D. now rewrite D.
      - unfold nsq. rewrite (sum_zero F).
        + rewrite inj_mul. apply square_nonneg.
        + intros j Hj. unfold minus. rewrite (entry_map etas _ r j 1%Q Hr). rewrite nth_table by exact Hj.
          unfold unit. destruct (j =? i0)%nat; [unfold h, eta; ring | rewrite inj_zero; ring].
    Qed.
  End Honest.

  Lemma honest_valid (x : input) a n i0 t :
    (forall r, (r < length etas)%nat -> admissible p (eta etas r) t) -> (i0 < d)%nat -> a i0 == t ->
    (forall j, (j < d)%nat -> (0 <= a j)%Q /\ (a j <= t)%Q) ->
    (forall j, (j < d)%nat -> (a j <= row d x j)%Q) ->
    nsq d (fun j => inj (row d x j) - inj (a j) : x) <= inj (two_minus n) * inj (two_minus n) ->
    valid_at d k p etas x n (honest d k p etas a i0 t n).
  Proof.
    intros Ad Hi Ht H R B. split.
    - change (matrix_n (honest d k p etas a i0 t n)) with (matrix_n (honest d k p etas a O 0 n)).
      apply near_block; [|exact B]. intros j Hj. split; [now apply H | now apply R].
    - intros r Hr. split; [now apply near_samples | apply near_points; trivial; now apply Ad].
  Qed.
End Data.
