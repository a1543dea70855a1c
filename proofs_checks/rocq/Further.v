(** Further samples [(eta, y')] of (P3): the least objective, where it is attained, and the second part of every
    minimiser, by the dual vector [(lambda/t, lambda sign(y')/c)]. *)
From Coq Require Import QArith Ring Field Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Problems Heights.
Local Open Scope F_scope.

Definition sign (q : Q) : Q := if Qlt_le_dec 0 q then 1 else if Qlt_le_dec q 0 then (-(1))%Q else 0%Q.
(** The number of entries of [y'] that are not 0. *)
Definition support (k : nat) (y' : nat -> Q) : Q := qsum k (fun i => (sign (y' i) * sign (y' i))%Q).

Section Further.
  Variable F : domain.
  Add Ring Fring : (domain_ring F).
  Variables d k : nat.
  Variable a : vec F.
  Variable c : F.
  (** The largest entry of the row, the square of [c], and the sample. *)
  Variables tq s eta lambda : Q.
  Variable y' : nat -> Q.
  Notation t := (inj tq : F).
  Notation N := (columns d k).
  Notation m := (rows k).
  Notation A := (block d a c).
  Notation p := (SqrtLasso lambda).
  Variable y : vec F.
  Hypothesis y_first : y O = inj eta.
  Hypothesis y_below : forall i, (i < k)%nat -> y (S i) = inj (y' i).
  Hypothesis a_bounds : forall j, (j < d)%nat -> 0 <= a j /\ a j <= t.
  Hypothesis t_pos : (0 < tq)%Q.
  Hypothesis s_pos : (0 < s)%Q.
  Hypothesis c_square : c * c = inj s.
  Hypothesis c_nonneg : 0 <= c.
  Hypothesis lambda_pos : (0 < lambda)%Q.
  Hypothesis eta_nonneg : (0 <= eta)%Q.
  (** The square of the norm of the dual vector. *)
  Definition dual_square : Q := (lambda * lambda * (/ (tq * tq) + support k y' * / s))%Q.
  Hypothesis short : (dual_square < 1)%Q.

  (** [1/c]. *)
  Definition inverse : F := c * inj (/ s)%Q.

  Lemma inverse_right : c * inverse = 1.
  Proof.
    unfold inverse. replace (c * (c * inj (/ s)%Q)) with (c * c * inj (/ s)%Q) by ring.
    rewrite c_square, <- inj_mul, <- inj_one. apply inj_eq. field. lra.
  Qed.

  Lemma inverse_square : inverse * inverse = inj (/ s)%Q.
  Proof.
    unfold inverse. replace (c * inj (/ s)%Q * (c * inj (/ s)%Q)) with (c * c * (inj (/ s)%Q * inj (/ s)%Q)) by ring.
    rewrite c_square, <- !inj_mul. apply inj_eq. field. lra.
  Qed.

  Let pos q : (0 <= q)%Q -> 0 <= (inj q : F).
  Proof. intros H. rewrite <- inj_zero. now apply inj_le. Qed.

  Lemma inverse_nonneg : 0 <= inverse.
  Proof. unfold inverse. apply mul_nonneg; [exact c_nonneg|]. apply pos. apply Qlt_le_weak.
  now apply Qinv_lt_0_compat. Qed.

  Definition dual : vec F := fun i =>
    match i with O => inj (lambda * / tq)%Q | S i => inj (lambda * sign (y' i))%Q * inverse end.

  Lemma nsq_dual : nsq m dual = inj dual_square.
  Proof.
    unfold nsq, rows. rewrite sum_first. cbn [dual].
    rewrite (sum_ext F k _ (fun i => inj (lambda * lambda * / s)%Q * inj (sign (y' i) * sign (y' i))%Q)).
    - rewrite sum_scale, <- inj_qsum. fold (support k y'). rewrite <- !inj_mul, <- inj_add. apply inj_eq.
      unfold dual_square. field. split; lra.
    - intros i Hi. replace (inj (lambda * sign (y' i))%Q * inverse * (inj (lambda * sign (y' i))%Q * inverse)) with
        (inj (lambda * sign (y' i))%Q * inj (lambda * sign (y' i))%Q * (inverse * inverse)) by ring.
      rewrite inverse_square, <- !inj_mul. apply inj_eq. ring.
  Qed.

  Lemma sign_le q (v : F) : inj (sign q) * v <= abs v.
  Proof.
    unfold sign. destruct (Qlt_le_dec 0 q); [|destruct (Qlt_le_dec q 0)].
    - rewrite inj_one. replace (1 * v) with v by ring. apply abs_le.
    - rewrite inj_opp, inj_one. replace (- (1) * v) with (- v) by ring. unfold abs. destruct (nonneg_dec F v) as [H|H].
      + apply le_of in H. apply le_by with (v + v); [ring | now apply add_nonneg].
      + apply le_refl.
    - rewrite inj_zero. replace (0 * v) with (0 : F) by ring. apply abs_nonneg.
  Qed.

  Lemma sign_abs q (u : F) : 0 <= u -> abs (u * inj q) = inj (sign q) * (u * inj q).
  Proof.
    intros U. unfold sign. destruct (Qlt_le_dec 0 q); [|destruct (Qlt_le_dec q 0)].
    - rewrite inj_one. rewrite abs_of_nonneg; [ring|]. apply mul_nonneg; [exact U | apply pos; lra].
    - rewrite inj_opp, inj_one. assert (V : 0 <= - (u * inj q)).
      { replace (- (u * inj q)) with (u * inj (- q)%Q) by (rewrite inj_opp; ring).
        apply mul_nonneg; [exact U | apply pos; lra]. }
      apply le_antisym.
      + unfold abs. destruct (nonneg_dec F (u * inj q)) as [H|H].
        * apply le_of in H. apply le_by with (- (u * inj q) + - (u * inj q)); [ring | now apply add_nonneg].
        * apply le_by with 0; [ring | apply le_refl].
      + assert (B := sign_le q (u * inj q)). unfold sign in B. destruct (Qlt_le_dec 0 q); [lra|].
        destruct (Qlt_le_dec q 0); [|lra]. rewrite inj_opp, inj_one in B. exact B.
    - assert (E : inj q = 0 :> F) by (rewrite <- inj_zero; apply inj_eq; lra). rewrite E, inj_zero.
      replace (u * 0) with (0 : F) by ring. rewrite abs_of_nonneg; [ring | apply le_refl].
  Qed.

  (** The least value. *)
  Definition least : F := dot m dual y.

  Lemma dual_bound z : dot m dual (residual N A y z) + least <= inj lambda * norm1 N z.
  Proof.
    assert (T0 : 0 < t) by (rewrite <- inj_zero; now apply inj_lt).
    assert (G : 0 <= t * norm1 d z - dot d a z).
    { assert (E : t * norm1 d z - dot d a z = sum d (fun j => t * abs (z j) - a j * z j)).
      { unfold norm1, dot. rewrite sum_sub, sum_scale. reflexivity. }
      rewrite E. apply sum_nonneg. intros j Hj. now apply (entry_le F d a t a_bounds). }
    assert (E : dot m dual (residual N A y z) + least =
      inj (lambda * / tq)%Q * dot d a z + sum k (fun i => inj lambda * (inj (sign (y' i)) * z (d + i)%nat))).
    { unfold least, dot, rows. rewrite !sum_first. unfold residual at 1. rewrite row_first. cbn [dual].
      rewrite (sum_ext F k (fun i => inj (lambda * sign (y' i))%Q * inverse * residual N A y z (S i))
        (fun i => inj lambda * (inj (sign (y' i)) * z (d + i)%nat) - inj (lambda * sign (y' i))%Q * inverse * y (S i))).
      - rewrite sum_sub. change (sum d (fun i => a i * z i)) with (dot d a z). ring.
      - intros i Hi. unfold residual. rewrite row_below by exact Hi. rewrite inj_mul.
        replace (inj lambda * inj (sign (y' i)) * inverse * (c * z (d + i)%nat - y (S i))) with
          (inj lambda * (inj (sign (y' i)) * z (d + i)%nat) * (c * inverse)
            - inj lambda * inj (sign (y' i)) * inverse * y (S i)) by ring.
        rewrite inverse_right. ring. }
    rewrite E, (norm1_split F d k z).
    assert (L0 : 0 <= (inj lambda : F)) by (apply pos; lra).
    assert (L1 : 0 <= (inj (lambda * / tq)%Q : F)).
    { apply pos. apply Qmult_le_0_compat; [lra | apply Qlt_le_weak; now apply Qinv_lt_0_compat]. }
    assert (Lt : inj (lambda * / tq)%Q * t = inj lambda :> F) by (rewrite <- inj_mul; apply inj_eq; field; lra).
    rewrite sum_scale.
    apply le_by with (inj (lambda * / tq)%Q * (t * norm1 d z - dot d a z)
      + inj lambda * (sum k (fun i => abs (z (d + i)%nat)) - sum k (fun i => inj (sign (y' i)) * z (d + i)%nat))).
    - rewrite <- Lt. ring.
    - apply add_nonneg; apply mul_nonneg; trivial. apply le_sub, sum_le. intros i _. apply sign_le.
  Qed.

  (** The objective is at least [least + (1 - r) |A z - y|] for some [r < 1]. *)
  Lemma dual_gap z v : cost p m N A y z v -> exists w, 0 <= w /\ nsq m (residual N A y z) <= w * w /\
    inj ((1 - dual_square) / 2)%Q * w + least <= v.
  Proof.
    cbn [cost]. intros [w [W0 [W1 W2]]]. exists w. split; [exact W0|]. split; [exact W1|].
    assert (B := dual_bound z). set (r := residual N A y z) in *.
    set (rho := ((1 + dual_square) / 2)%Q).
    assert (D0 : (0 <= dual_square)%Q).
    { apply (inj_le F). rewrite <- nsq_dual, inj_zero. apply nsq_nonneg. }
    assert (R0 : (0 <= rho)%Q) by (unfold rho; apply Qle_shift_div_l; lra).
    assert (R2 : (dual_square <= rho * rho)%Q).
    { unfold rho. setoid_replace ((1 + dual_square) / 2 * ((1 + dual_square) / 2))%Q with
        (dual_square + (1 - dual_square) * (1 - dual_square) * (1 # 4))%Q by field. nra. }
    assert (C : - dot m dual r <= inj rho * w).
    { apply square_le; [apply mul_nonneg; [now apply pos | exact W0]|].
      assert (CS := cauchy_schwarz F m dual r). rewrite nsq_dual in CS.
      replace (- dot m dual r * - dot m dual r) with (dot m dual r * dot m dual r) by ring.
      eapply le_trans; [exact CS|]. apply le_trans with (inj dual_square * (w * w)).
      - apply mul_le; [now apply pos | exact W1].
      - apply (inj_le F) in R2. rewrite inj_mul in R2.
        apply le_by with ((w * w) * (inj rho * inj rho - inj dual_square)); [ring|].
        apply mul_nonneg; [apply square_nonneg | now apply le_sub]. }
    assert (E : inj ((1 - dual_square) / 2)%Q = 1 - inj rho :> F).
    { rewrite <- inj_one, <- inj_sub. apply inj_eq. unfold rho. field. }
    rewrite E. apply le_by with ((inj lambda * norm1 N z - (dot m dual r + least)) + (inj rho * w - - dot m dual r)
      + (v - (inj lambda * norm1 N z + w))); [ring|].
    repeat apply add_nonneg; now apply le_sub.
  Qed.

  Lemma least_below z v : cost p m N A y z v -> least <= v.
  Proof.
    intros C. destruct (dual_gap z v C) as [w [W0 [_ H]]]. eapply le_trans; [|exact H].
    apply le_by with (inj ((1 - dual_square) / 2)%Q * w); [ring|]. apply mul_nonneg; [|exact W0].
    apply pos. apply Qle_shift_div_l; lra.
  Qed.

  (** Where the least value is attained nothing is left of [A z - y]; so the second part of [z] is [y'/c]. *)
  Lemma second_part z i : cost p m N A y z least -> (i < k)%nat -> z (d + i)%nat = inverse * inj (y' i).
  Proof.
    intros C Hi. destruct (dual_gap z least C) as [w [W0 [W1 H]]].
    assert (Z : w <= 0).
    { apply cancel with (inj ((1 - dual_square) / 2)%Q).
      - rewrite <- inj_zero. apply inj_lt. apply Qlt_shift_div_l; lra.
      - apply le_by with (least - (inj ((1 - dual_square) / 2)%Q * w + least)); [ring | now apply le_sub]. }
    assert (W : w = 0) by now apply le_antisym. subst w.
    assert (R : residual N A y z (S i) = 0).
    { apply (nsq_zero F m); [|unfold rows; lia]. eapply le_trans; [exact W1|].
      apply le_by with 0; [ring | apply le_refl]. }
    unfold residual in R. rewrite row_below in R by exact Hi. rewrite (y_below i Hi) in R.
    assert (E : c * z (d + i)%nat = inj (y' i)).
    { replace (c * z (d + i)%nat) with (c * z (d + i)%nat - inj (y' i) + inj (y' i)) by ring. rewrite R. ring. }
    rewrite <- E. replace (inverse * (c * z (d + i)%nat)) with (c * inverse * z (d + i)%nat) by ring.
    rewrite inverse_right. ring.
  Qed.

  (** A minimiser: the height in a column of the largest entry, and [y'/c]. *)
  Definition solution (i0 : nat) : vec F := fun j =>
    if (j <? d)%nat then unit i0 (inj (eta * / tq)%Q) j else inverse * inj (y' (j - d)%nat).

  Lemma solution_below i0 i : solution i0 (d + i)%nat = inverse * inj (y' i).
  Proof.
    unfold solution. replace (d + i <? d)%nat with false by (symmetry; apply Nat.ltb_ge; lia).
    now replace (d + i - d)%nat with i by lia.
  Qed.

  Lemma solution_first i0 j : (j < d)%nat -> solution i0 j = unit i0 (inj (eta * / tq)%Q) j.
  Proof. intros H. unfold solution. apply Nat.ltb_lt in H. now rewrite H. Qed.

  Lemma solution_cost i0 : (i0 < d)%nat -> a i0 = t -> cost p m N A y (solution i0) least.
  Proof.
    intros Hi Ht. cbn [cost]. exists 0. split; [apply le_refl|].
    assert (H0 : 0 <= (inj (eta * / tq)%Q : F)).
    { apply pos. apply Qmult_le_0_compat; [exact eta_nonneg | apply Qlt_le_weak; now apply Qinv_lt_0_compat]. }
    assert (Ht' : t * inj (eta * / tq)%Q = inj eta) by (rewrite <- inj_mul; apply inj_eq; field; lra).
    split.
    - unfold nsq. rewrite (sum_zero F).
      + apply le_by with 0; [ring | apply le_refl].
      + intros i Hm. unfold residual. destruct i as [|i].
        * rewrite row_first, y_first. unfold dot.
          rewrite (sum_ext F d _ (fun j => a j * unit i0 (inj (eta * / tq)%Q) j)).
          -- assert (D := dot_unit F d i0 (inj (eta * / tq)%Q) a Hi). unfold dot in D. rewrite D, Ht, Ht'. ring.
          -- intros j Hj. now rewrite solution_first.
        * unfold rows in Hm. rewrite row_below by lia. rewrite y_below, solution_below by lia.
          replace (c * (inverse * inj (y' i)) - inj (y' i)) with (c * inverse * inj (y' i) - inj (y' i)) by ring.
          rewrite inverse_right. ring.
    - rewrite (norm1_split F d k).
      rewrite (sum_ext F k _ (fun i => inj (sign (y' i)) * (inverse * inj (y' i)))).
      2:{ intros i Hk. rewrite solution_below. apply sign_abs, inverse_nonneg. }
      assert (E : norm1 d (solution i0) = inj (eta * / tq)%Q).
      { rewrite <- (norm1_unit F d i0 (inj (eta * / tq)%Q) Hi H0). unfold norm1. apply sum_ext. intros j Hj.
        now rewrite solution_first. }
      rewrite E. unfold least, dot, rows. rewrite sum_first, y_first. cbn [dual].
      rewrite (sum_ext F k (fun i => inj (lambda * sign (y' i))%Q * inverse * y (S i))
        (fun i => inj lambda * (inj (sign (y' i)) * (inverse * inj (y' i))))).
      2:{ intros i Hk. rewrite y_below by exact Hk. rewrite inj_mul. ring. }
      rewrite sum_scale, !inj_mul. apply le_by with 0; [ring | apply le_refl].
  Qed.

  Theorem solution_minimiser i0 : (i0 < d)%nat -> a i0 = t -> minimiser p m N A y (solution i0).
  Proof. intros Hi Ht. exists least. split; [now apply solution_cost | exact least_below]. Qed.

  Theorem minimisers_second_part z : (exists i0, (i0 < d)%nat /\ a i0 = t) -> minimiser p m N A y z ->
    forall i, (i < k)%nat -> z (d + i)%nat = inverse * inj (y' i).
  Proof.
    intros [i0 [Hi Ht]] [v [C M]] i Hk. apply second_part; [|exact Hk].
    assert (E : v = least) by (apply le_antisym; [apply (M _ _ (solution_cost i0 Hi Ht)) | now apply (least_below z)]).
    now subst.
  Qed.
End Further.
