(** Statement 3 with further samples [(eta, y')] of (P3): two digits less than the strong family has from one datum, for
    all samples that are not too large at once, and from none not even one sample. *)
From Coq Require Import QArith Qcanon ZArith List Arith Lia Lqa Ring.
From SciBarriers Require Import Ordered Sums Problems Heights Model Impossible Class Precision Data Families Roots
  Barrier
  Reach Further.
Import ListNotations.
Local Open Scope Q_scope.

(** The rationals in any domain, and a domain in itself. *)
Definition from_rationals (F : domain) : embedding rationals F.
Proof.
  refine {| embed := fun q : rationals => inj (this q) : F |}.
  - intros x y. rewrite <- inj_add. apply inj_eq, this_add.
  - intros x y. rewrite <- inj_mul. apply inj_eq, this_mul.
  - intros x y. rewrite <- inj_sub. apply inj_eq. change (this (x + - y)%Qc == this x - this y).
    rewrite this_add, this_opp. reflexivity.
  - intros q. apply inj_eq, this_inj.
  - intros x. apply (inj_nonneg F).
Defined.

Definition itself (F : domain) : embedding F F.
Proof. now refine {| embed := fun x : F => x |}. Defined.

Section Near.
  Variable F : domain.
  Add Ring Fring : (domain_ring F).

  Lemma square_upper (P Z : F) (T b : Q) : 0 <= T -> ((P - Z) * (P - Z) <= inj (T * T)%Q)%F -> (Z <= inj b)%F ->
    (P <= inj (b + T)%Q)%F.
  Proof.
    intros HT H B. assert (L : (P - Z <= inj T)%F).
    { apply square_le; [rewrite <- inj_zero; now apply inj_le | now rewrite <- inj_mul]. }
    rewrite inj_add. apply le_by with ((inj T - (P - Z)) + (inj b - Z))%F; [ring|]. apply add_nonneg; now apply le_sub.
  Qed.

  Lemma square_lower (P Z : F) (T b : Q) : 0 <= T -> ((P - Z) * (P - Z) <= inj (T * T)%Q)%F -> (inj b <= Z)%F ->
    (inj (b - T)%Q <= P)%F.
  Proof.
    intros HT H B. assert (L : (Z - P <= inj T)%F).
    { apply square_le; [rewrite <- inj_zero; now apply inj_le|]. rewrite <- inj_mul.
      now replace ((Z - P) * (Z - P))%F with ((P - Z) * (P - Z))%F by ring. }
    rewrite inj_sub. apply le_by with ((inj T - (Z - P)) + (Z - inj b))%F; [ring|]. apply add_nonneg; now apply le_sub.
  Qed.

  Lemma square_scaled (g i v : F) : ((g * v - i * v) * (g * v - i * v) = (g - i) * (g - i) * (v * v))%F.
  Proof. ring. Qed.

  Lemma square_from_zero (h : F) : ((0 - h) * (0 - h) = h * h)%F.
  Proof. ring. Qed.

  Lemma zero_square : ((0 - 0) * (0 - 0) = (0 : F))%F.
  Proof. ring. Qed.

  Lemma times_le (u v w : F) : (0 <= w -> u <= v -> u * w <= v * w)%F.
  Proof. intros W L. apply le_by with (w * (v - u))%F; [ring|]. apply mul_nonneg; [exact W | now apply le_sub]. Qed.

  Lemma plus_times_le (h u v w : F) : (0 <= w -> u <= v -> h + u * w <= h + v * w)%F.
  Proof. intros W L. apply add_le; [apply le_refl | now apply times_le]. Qed.
End Near.

Lemma qsum_le n (f g : nat -> Q) : (forall i, (i < n)%nat -> f i <= g i) -> qsum n f <= qsum n g.
Proof.
  induction n as [|n IH]; intros H; cbn [qsum]; [lra|]. assert (A := H n ltac:(lia)).
  assert (B := IH (fun i Hi => H i ltac:(lia))). lra.
Qed.

Lemma qsum_const n (c : Q) : qsum n (fun _ => c) == inject_Z (Z.of_nat n) * c.
Proof.
  induction n as [|n IH]; cbn [qsum]; [change (inject_Z (Z.of_nat 0)) with 0; ring|].
  rewrite IH, Nat2Z.inj_succ. unfold Z.succ. rewrite inject_Z_plus. change (inject_Z 1) with 1. ring.
Qed.

Section OneDatum.
  Variables d k : nat.
  Variable lambda : Q.
  Variable etas : list Q.
  Variables s w : family.
  Notation p := (SqrtLasso lambda).
  Hypothesis ok_s : admissible_class d p etas s.
  Hypothesis ok_w : admissible_class d p etas w.
  Hypothesis smaller : base w < base s.
  Hypothesis one_less : digits s = S (digits w).
  Notation m := (rows k).
  Notation N := (columns d k).
  Notation eta := (eta etas).
  Notation dq := (inject_Z (Z.of_nat d)).
  Notation b := (base w).

  (** The entries of [y'], the second part of a sample. *)
  Definition second (l : list Q) (i : nat) : Q := nth (S i) l 0.
  (** A further sample: [(eta, y')], of which [y'] has few entries for [lambda]. *)
  Definition further (l : list Q) : Prop := (exists r, (r < length etas)%nat /\ nth 0 l 0 = eta r) /\
    lambda * lambda * (dq + support k (second l)) <= dq * (b * b).
  (** And its square is at most [Y]. *)
  Definition bounded (Y : Q) (l : list Q) : Prop := qsum k (fun i => second l i * second l i) <= Y.

  Let d_two : 2 <= dq.
  Proof. change 2 with (inject_Z 2). rewrite <- Zle_Qle. assert (2 <= d)%nat by apply ok_s. lia. Qed.

  Let b_pos : 0 < b.
  Proof. exact (base_pos d p etas w ok_w). Qed.

  (** What is used of an input of the class: its largest entry [t], in column [i0]. *)
  Record has_peak (T : nat) (x : input d) (i0 : nat) (t : Q) : Prop := {
    peak_column : (i0 < d)%nat;
    peak_entry : row d x i0 == t;
    peak_above : b < t;
    peak_between : forall j, (j < d)%nat -> b <= row d x j <= t;
    peak_height : forall r, (r < length etas)%nat -> 2 * (eta r * / t * (eta r * / t)) <= ten_minus T * ten_minus T
  }.

  Lemma omega_peak T x : digits w = S T -> both d s w x -> exists i0 t, has_peak T x i0 t.
  Proof.
    intros HT C. assert (P := ten_minus_pos T). assert (Bs := base_pos d p etas s ok_s).
    assert (Hs : forall r, (r < length etas)%nat -> 0 <= height p (eta r) (base s) /\
      2 * (height p (eta r) (base s) * height p (eta r) (base s)) <= ten_minus T * ten_minus T).
    { intros r Hr. split; [apply height_nonneg, (admissible_more d p etas s ok_s); [exact Hr | lra]|].
      destruct ok_s as [_ [_ Ok]]. destruct (Ok r Hr) as [_ [_ [_ [_ D]]]]. cbv zeta in D.
      rewrite one_less, HT, !ten_minus_succ in D. set (e := ten_minus T) in *.
      set (h := height p (eta r) (base s)) in *. clearbody e h. eapply Qle_trans; [exact D|].
      setoid_replace (100 * (e / 10 / 10 * (e / 10 / 10))) with (e * e * (1 # 100)) by field. nra. }
    assert (Hw : forall r, (r < length etas)%nat ->
      2 * (height p (eta r) b * height p (eta r) b) <= ten_minus T * ten_minus T).
    { intros r Hr. destruct ok_w as [_ [_ Ok]]. destruct (Ok r Hr) as [_ [_ [_ [_ D]]]]. cbv zeta in D.
      rewrite HT, ten_minus_succ in D. eapply Qle_trans; [exact D|]. apply Qle_lteq. right. field. }
    destruct C as [[E|[i [q M]]]|[i [q M]]].
    - exists 0%nat, (base s). assert (D : (2 <= d)%nat) by apply ok_s. split; [lia | apply E; lia | exact smaller | |].
      + intros j Hj. rewrite (E j Hj). unfold tie_row. lra.
      + intros r Hr. apply (Hs r Hr).
    - exists i, (peak s q). assert (L := base_peak s q). assert (Dp := delta_pos s q).
      split; [apply M | exact (member_peak d s x i q M) | unfold peak; lra | |].
      + intros j Hj. destruct M as [_ [_ E]]. rewrite (E j Hj). assert (B := member_between s i q j). lra.
      + intros r Hr. destruct (heights_between d p etas s ok_s r q Hr ltac:(apply M)) as [_ U].
        assert (V := height_positive d p etas s ok_s r q Hr). cbv beta in U, V. destruct (Hs r Hr) as [_ K].
        change (eta r * / peak s q) with (height p (eta r) (peak s q)).
        set (u := height p (eta r) (base s)) in *. set (v := height p (eta r) (peak s q)) in *. clearbody u v.
        clear - U V K. nra.
    - exists i, (peak w q). assert (Dp := delta_pos w q).
      split; [apply M | exact (member_peak d w x i q M) | unfold peak; lra | |].
      + intros j Hj. destruct M as [_ [_ E]]. rewrite (E j Hj). apply member_between.
      + intros r Hr. destruct (heights_between d p etas w ok_w r q Hr ltac:(apply M)) as [_ U].
        assert (V := height_positive d p etas w ok_w r q Hr). cbv beta in U, V. assert (K := Hw r Hr).
        change (eta r * / peak w q) with (height p (eta r) (peak w q)).
        set (u := height p (eta r) b) in *. set (v := height p (eta r) (peak w q)) in *. clearbody u v.
        clear - U V K. nra.
  Qed.

  Section Input.
    Variable x : input d.
    Notation F := (domain_of d x).
    Add Ring Fring2 : (domain_ring (domain_of d x)).
    Notation c := (root d x).
    Definition row_square : Q := qsum d (fun j => row d x j * row d x j).
    (** [1/c]. *)
    Notation ci := (inverse F c row_square).

    Lemma row_square_root : (c * c)%F = (inj row_square : F).
    Proof. rewrite root_square. unfold row_square. rewrite inj_qsum. apply sum_ext. intros j _. now rewrite inj_mul.
    Qed.

    Variables (T i0 : nat) (t : Q).
    Hypothesis pk : has_peak T x i0 t.

    Lemma row_square_large : dq * (b * b) <= row_square.
    Proof.
      rewrite <- qsum_const. apply qsum_le. intros j Hj. destruct (peak_between _ _ _ _ pk j Hj) as [B _].
      set (u := row d x j) in *. clearbody u. clear - B b_pos. nra.
    Qed.

    Lemma row_square_positive : 0 < row_square.
    Proof. assert (L := row_square_large). assert (0 < b * b) by nra. nra. Qed.

    Lemma short l : further l -> 0 < lambda -> dual_square k t row_square lambda (second l) < 1.
    Proof.
      intros [_ H] Lp. unfold dual_square. assert (L := row_square_large). assert (Bt := peak_above _ _ _ _ pk).
      assert (S0 : 0 <= support k (second l)).
      { unfold support. apply qsum_nonneg. intros i. nra. }
      set (n := support k (second l)) in *. set (B := dq * (b * b)) in *. assert (Bp : 0 < B) by (unfold B; nra).
      assert (U : / (t * t) < dq * / B).
      { setoid_replace (dq * / B) with (/ (b * b)) by (unfold B; field; lra).
        apply -> Qinv_lt_contravar; nra. }
      assert (V : / row_square <= / B).
      { apply Qle_lteq. apply Qle_lteq in L. destruct L as [L|L]; [left | right; now rewrite L].
        apply -> Qinv_lt_contravar; [exact L | apply row_square_positive | exact Bp]. }
      assert (W : n * / row_square <= n * / B) by (rewrite (Qmult_comm n), (Qmult_comm n); now apply Qmult_le_compat_r).
      assert (L2 : 0 < lambda * lambda) by nra.
      apply Qlt_le_trans with (lambda * lambda * (dq * / B + n * / B)); [apply Qmult_lt_l; lra|].
      setoid_replace (lambda * lambda * (dq * / B + n * / B)) with (lambda * lambda * (dq + n) / B) by (unfold Qdiv;
        ring).
      apply Qle_shift_div_r; lra.
    Qed.

    Let lambda_pos : 0 < lambda.
    Proof. destruct ok_w as [_ [R0 Ok]]. destruct (Ok 0%nat R0) as [[_ [_ [L _]]] _]. exact L. Qed.

    Let bounds j : (j < d)%nat -> (0 <= (inj (row d x j) : F) /\ inj (row d x j) <= (inj t : F))%F.
    Proof.
      intros Hj. destruct (peak_between _ _ _ _ pk j Hj). split; [rewrite <- inj_zero|]; apply inj_le; lra.
    Qed.

    Let t_pos : 0 < t.
    Proof. assert (B := peak_above _ _ _ _ pk). lra. Qed.

    Let first l r : nth 0 l 0 = eta r -> inj (nth 0 l 0) = (inj (eta r) : F).
    Proof. now intros ->. Qed.

    Let eta_pos r : (r < length etas)%nat -> 0 <= eta r.
    Proof. intros Hr. destruct ok_w as [_ [_ Ok]]. destruct (Ok r Hr) as [[_ [E _]] _]. lra. Qed.

    Lemma further_solution l r : further l -> (r < length etas)%nat -> nth 0 l 0 = eta r ->
      minimiser p m N (A d x) (fun i => inj (nth i l 0)) (solution F d c t row_square (eta r) (second l) i0).
    Proof.
      intros H Hr E. unfold A.
      apply (solution_minimiser F d k (fun j => inj (row d x j)) c t row_square (eta r) lambda (second l)); trivial.
      - now apply first.
      - exact row_square_positive.
      - exact row_square_root.
      - apply root_nonneg.
      - now apply eta_pos.
      - now apply short.
      - apply (peak_column _ _ _ _ pk).
      - apply inj_eq, (peak_entry _ _ _ _ pk).
    Qed.

    Lemma further_second l z : further l -> minimiser p m N (A d x) (fun i => inj (nth i l 0)) z ->
      forall i, (i < k)%nat -> z (d + i)%nat = (ci * inj (second l i))%F.
    Proof.
      intros H M. assert (H' := H). destruct H' as [[r [Hr E]] _]. unfold A in M.
      apply (minimisers_second_part F d k (fun j => inj (row d x j)) c t row_square (eta r) lambda (second l)
        (fun i => inj (nth i l 0))); trivial.
      - now apply first.
      - exact row_square_positive.
      - exact row_square_root.
      - apply root_nonneg.
      - now apply eta_pos.
      - now apply short.
      - exists i0. split; [apply (peak_column _ _ _ _ pk) | apply inj_eq, (peak_entry _ _ _ _ pk)].
    Qed.

    (** [1/c] from the entry of the data that approximates [c]. *)
    Lemma inverse_near n M : near_matrix d k x n M -> (0 < k)%nat -> 2 * two_minus n <= b ->
      let g := inj (/ entry M 1 d) : F in
      ((g - ci) * (g - ci) <= inj ((2 * two_minus n / (b * b)) * (2 * two_minus n / (b * b)))%Q)%F.
    Proof.
      intros H Hk Hn g. assert (S := near_square d k x n M 1 d H ltac:(unfold rows; lia) ltac:(unfold columns; lia)).
      assert (A1 : A d x 1%nat d = c) by (unfold A, block; now rewrite Nat.add_0_r, Nat.eqb_refl).
      rewrite A1 in S. set (cn := entry M 1 d) in *. set (e := two_minus n) in *.
      assert (E0 : 0 < e) by apply two_minus_pos.
      assert (Large : b / 2 <= cn).
      { assert (C : (inj b <= c)%F).
        { apply square_le; [apply root_nonneg|]. rewrite row_square_root, <- inj_mul. apply inj_le.
          assert (L := row_square_large). assert (0 < b * b) by nra. nra. }
        assert (L := square_lower F (inj cn) c e b ltac:(lra) S C). apply inj_le in L.
        apply Qle_shift_div_r; lra. }
      assert (Cn : 0 < cn). { eapply Qlt_le_trans; [|exact Large]. apply Qlt_shift_div_l; lra. }
      assert (G : (g * inj cn = 1)%F).
      { unfold g. rewrite <- inj_mul, <- inj_one. apply inj_eq. field. lra. }
      assert (I := inverse_right F c row_square row_square_positive row_square_root).
      assert (I2 := inverse_square F c row_square row_square_positive row_square_root).
      assert (Diff : (g - ci = g * ci * (c - inj cn))%F).
      { replace (g * ci * (c - inj cn))%F with (g * (c * ci) - ci * (g * inj cn))%F by ring. rewrite I, G. ring. }
      rewrite Diff.
      replace (g * ci * (c - inj cn) * (g * ci * (c - inj cn)))%F with
        (g * g * (ci * ci) * ((inj cn - c) * (inj cn - c)))%F by ring.
      rewrite I2. assert (G2 : (g * g)%F = inj (/ cn * / cn)%Q) by (unfold g; now rewrite inj_mul).
      rewrite G2, <- inj_mul.
      assert (Q0 : 0 <= / cn * / cn * / row_square).
      { assert (0 < / cn) by now apply Qinv_lt_0_compat.
        assert (0 < / row_square) by (apply Qinv_lt_0_compat, row_square_positive).
        apply Qmult_le_0_compat; nra. }
      eapply le_trans; [apply mul_le; [rewrite <- inj_zero; now apply inj_le | exact S]|].
      rewrite <- inj_mul. apply inj_le.
      assert (U : / cn <= 2 * / b).
      { apply Qmult_le_l with cn; [exact Cn|]. setoid_replace (cn * / cn) with 1 by (field; lra).
        assert (0 < / b) by now apply Qinv_lt_0_compat.
        setoid_replace (cn * (2 * / b)) with ((cn * 2) * / b) by ring.
        setoid_replace 1 with (b * / b) by (field; lra). apply Qmult_le_compat_r; [|lra].
        setoid_replace b with (b / 2 * 2) by field. apply Qmult_le_compat_r; [exact Large | lra]. }
      assert (V : / row_square <= / b * / b).
      { assert (L := row_square_large). assert (Rp := row_square_positive). assert (BB : 0 < b * b) by nra.
        apply Qmult_le_l with row_square; [exact Rp|].
        setoid_replace (row_square * / row_square) with 1 by (field; lra).
        setoid_replace (row_square * (/ b * / b)) with (row_square / (b * b)) by (field; lra).
        apply Qle_shift_div_l; [exact BB | nra]. }
      assert (0 < / cn) by now apply Qinv_lt_0_compat. assert (0 < / b) by now apply Qinv_lt_0_compat.
      assert (0 < / row_square) by (apply Qinv_lt_0_compat, row_square_positive).
      setoid_replace (2 * e / (b * b) * (2 * e / (b * b))) with ((2 * / b) * (2 * / b) * (/ b * / b) * (e * e)) by
        (field; lra).
      apply Qmult_le_compat_r; [|nra].
      apply Qmult_le_compat_nonneg; split; try nra. 
    Qed.
  End Input.

  (** The network 0 in the first part, and [g y'] in the second. *)
  Definition scaled (g : Q) : network rationals := fun l j =>
    if (j <? d)%nat then 0%F else inj (g * second l (j - d)).
  (** One datum is read. *)
  Definition from_one (n : nat) : algorithm nat datum (network rationals) := fun t =>
    match t with [] => Read n | (_, D) :: _ => Answer (scaled (/ entry (matrix_n D) 1 d)) end.

  Lemma from_one_halts n o : halts (from_one n) o (scaled (/ entry (matrix_n (o n)) 1 d)) [(n, o n)].
  Proof. exists 1%nat. split; reflexivity. Qed.

  Theorem one_datum T n Y : digits w = S T -> (0 < k)%nat -> 2 * two_minus n <= b ->
    2 * (2 * two_minus n / (b * b) * (2 * two_minus n / (b * b)) * Y) <= ten_minus T * ten_minus T ->
    solves_within (near d k)
      (fun x phi => forall l, further l -> bounded Y l -> within_at d k p rationals (ten_minus T * ten_minus T) l x phi)
      (both d s w) 1 (from_one n).
  Proof.
    intros HT Hk Hn HY x C o V. exists (scaled (/ entry (matrix_n (o n)) 1 d)), [(n, o n)].
    split; [apply from_one_halts|]. split; [|reflexivity]. intros l H B.
    destruct (omega_peak T x HT C) as [i0 [t pk]]. assert (H' := H). destruct H' as [[r [Hr E]] _].
    set (g := / entry (matrix_n (o n)) 1 d). set (kap := 2 * two_minus n / (b * b) * (2 * two_minus n / (b * b))) in *.
    right. exists (domain_of d x), (from_rationals x), (itself x). eexists.
    split; [exact (further_solution x T i0 t pk l r H Hr E)|].
    assert (Near := inverse_near x T i0 t pk n (matrix_n (o n)) (V n) Hk Hn). cbv zeta in Near.
    fold g in Near. fold kap in Near. set (F := domain_of d x) in *.
    set (ci := inverse F (root d x) (row_square x)) in *.
    set (h := eta r * / t). cbn [embed from_rationals itself].
    unfold columns, nsq. rewrite sum_split.
    rewrite (sum_ext F d _ (unit i0 (inj (h * h)))).
    2:{ intros j Hj. unfold minus. rewrite solution_first by exact Hj. fold h. unfold scaled.
        replace (j <? d)%nat with true by (symmetry; now apply Nat.ltb_lt).
        change (this (0%F : rationals)) with 0. rewrite inj_zero. unfold unit. destruct (j =? i0)%nat.
        - rewrite inj_mul. apply square_from_zero.
        - apply zero_square. }
    rewrite (sum_single F d i0 (unit i0 (inj (h * h)))); [| apply (peak_column _ _ _ _ pk) |].
    2:{ intros j Hj D. unfold unit. apply Nat.eqb_neq in D. now rewrite D. }
    unfold unit at 1. rewrite Nat.eqb_refl.
    rewrite (sum_ext F k _ (fun i => ((inj g - ci) * (inj g - ci)) * inj (second l i * second l i)%Q)%F).
    2:{ intros i Hi. unfold minus. rewrite solution_below. fold ci. unfold scaled.
        replace (d + i <? d)%nat with false by (symmetry; apply Nat.ltb_ge; lia).
        replace (d + i - d)%nat with i by lia.
        change (this (inj (g * second l i) : rationals)) with (this (Q2Qc (g * second l i))).
        rewrite (inj_eq F _ _ (this_inj _)), !inj_mul. apply square_scaled. }
    rewrite sum_scale, <- inj_qsum. set (q := qsum k (fun i => second l i * second l i)) in *.
    assert (Q0 : 0 <= q) by (apply qsum_nonneg; intros i; nra).
    apply le_trans with (inj (h * h)%Q + inj kap * inj q)%F.
    - apply plus_times_le; [rewrite <- inj_zero; now apply inj_le | exact Near].
    - rewrite <- inj_mul, <- inj_add. apply inj_le. assert (P := peak_height _ _ _ _ pk r Hr). fold h in P.
      assert (K0 : 0 <= kap) by (unfold kap; set (u := 2 * two_minus n / (b * b)); nra).
      assert (kap * q <= kap * Y) by (rewrite (Qmult_comm kap q), (Qmult_comm kap Y); now apply Qmult_le_compat_r). lra.
  Qed.

  (** Such a precision exists, whatever the bound is. *)
  Theorem precision_exists T Y : 0 <= Y -> exists n, 2 * two_minus n <= b /\
    2 * (2 * two_minus n / (b * b) * (2 * two_minus n / (b * b)) * Y) <= ten_minus T * ten_minus T.
  Proof.
    intros HY. set (E := ten_minus T * ten_minus T). assert (E0 : 0 < E) by reflexivity.
    assert (B2 : 0 < b * b) by nra. assert (B4 : 0 < b * b * (b * b)) by nra.
    destruct (archimedes (b / 2)) as [n1 N1]; [apply Qlt_shift_div_l; lra|].
    destruct (archimedes (E * (b * b * (b * b)) / (8 * (Y + 1)))) as [n2 N2].
    { apply Qlt_shift_div_l; [lra|]. rewrite Qmult_0_l. nra. }
    exists (Nat.max n1 n2). set (e := two_minus (Nat.max n1 n2)).
    assert (L1 : e <= two_minus n1) by (apply two_minus_le; lia).
    assert (L2 : e <= two_minus n2) by (apply two_minus_le; lia).
    assert (P : 0 < e) by apply two_minus_pos. assert (One : e <= 1) by (unfold e, two_minus, Qle; cbn; lia).
    split.
    - apply Qle_trans with (2 * (b / 2)); [lra|]. apply Qle_lteq. right. field.
    - setoid_replace (2 * (2 * e / (b * b) * (2 * e / (b * b)) * Y)) with (8 * (e * e) * Y / (b * b * (b * b))) by
      (field; lra).
      apply Qle_shift_div_r; [exact B4|].
      assert (K : e * (8 * (Y + 1)) <= E * (b * b * (b * b))).
      { apply Qle_trans with (E * (b * b * (b * b)) / (8 * (Y + 1)) * (8 * (Y + 1))).
        - apply Qmult_le_compat_r; lra.
        - apply Qle_lteq. right. field. lra. }
      assert (e * e * Y <= e * Y) by (apply Qmult_le_compat_r; nra). nra.
  Qed.

  (** Without a read the answer is one network for all inputs; [1/c] is at most [hi] on the tie, and at least [lo] on
      the members of the weak family. *)
  Theorem no_datum (G : domain) T D l i lo hi : digits w = S T -> further l -> (i < k)%nat ->
    0 <= lo -> lo * lo * (dq * (peak w (start w) * peak w (start w))) <= 1 ->
    0 <= hi -> 1 <= hi * hi * (dq * (base s * base s)) ->
    0 <= second l i -> 2 * ten_minus D < second l i * (lo - hi) ->
    forall phi, ~ (forall x, both d s w x -> within_at d k p G (ten_minus D * ten_minus D) l x phi).
  Proof.
    intros HT H Hi L0 L1 H0 H1 Y0 Y1 phi W. assert (D2 : (2 <= d)%nat) by apply ok_s.
    assert (E0 : 0 <= ten_minus D) by (apply Qlt_le_weak, ten_minus_pos).
    set (y := second l i) in *. set (e := ten_minus D) in *.
    assert (In : (d + i < N)%nat) by (unfold columns; lia).
    (* the entry of the answer against that of the solution *)
    assert (Ent : forall x, both d s w x -> forall z : Q,
      ((inverse x (root d x) (row_square x) * inj y <= inj z)%F -> (phi l (d + i)%nat <= inj (z + e)%Q)%F) /\
      ((inj z <= inverse x (root d x) (row_square x) * inj y)%F -> (inj (z - e)%Q <= phi l (d + i)%nat)%F)).
    { intros x C z. destruct (omega_peak T x HT C) as [i0 [t pk]].
      destruct (W x C) as [[v [V B]]|[K [u [u' [v [V B]]]]]]; assert (S := further_second x T i0 t pk l _ H V i Hi);
        fold y in S; cbv beta in S; rewrite <- S.
      - assert (Sq := nsq_entry G N (minus (phi l) (fun j => inj (v j))) (d + i) In).
        assert (Sq' := le_trans G _ _ _ Sq B). unfold minus in Sq'. split; intros Z; apply inj_le in Z.
        + apply (square_upper G _ _ e z E0 Sq'). now apply inj_le.
        + apply (square_lower G _ _ e z E0 Sq'). now apply inj_le.
      - assert (Sq := nsq_entry K N (minus (fun j => u (phi l j)) (fun j => u' (v j))) (d + i) In).
        assert (Sq' := le_trans K _ _ _ Sq B). unfold minus in Sq'. split; intros Z; apply (embed_le x K u') in Z;
          rewrite embed_inj in Z; apply (embed_le G K u); rewrite embed_inj.
        + exact (square_upper K _ _ e z E0 Sq' Z).
        + exact (square_lower K _ _ e z E0 Sq' Z). }
    destruct (tie_exists d s) as [x X]. destruct (member_exists d w 0 (start w) ltac:(lia) (le_n _)) as [x' X'].
    assert (C : both d s w x) by (left; now left). assert (C' : both d s w x') by (right; now exists 0%nat, (start w)).
    assert (Up : (phi l (d + i)%nat <= inj (hi * y + e)%Q)%F).
    { apply (Ent x C). destruct (omega_peak T x HT C) as [i0 [t pk]]. rewrite inj_mul.
      assert (R : row_square x == dq * (base s * base s)).
      { rewrite <- qsum_const. apply Qle_antisym; apply qsum_le; intros j Hj; rewrite (X j Hj); apply Qle_refl. }
      assert (P := row_square_positive x T i0 t pk).
      assert (I : (inverse x (root d x) (row_square x) <= inj hi)%F).
      { apply square_le; [rewrite <- inj_zero; now apply inj_le|].
        rewrite (inverse_square x _ _ P (row_square_root x)), <- inj_mul. apply inj_le.
        apply Qmult_le_l with (row_square x); [exact P|].
        setoid_replace (row_square x * / row_square x) with 1 by (field; lra).
        rewrite R. lra. }
      apply times_le; [rewrite <- inj_zero; now apply inj_le | exact I]. }
    assert (Down : (inj (lo * y - e)%Q <= phi l (d + i)%nat)%F).
    { apply (Ent x' C'). destruct (omega_peak T x' HT C') as [i0 [t pk]]. rewrite inj_mul.
      assert (R : row_square x' <= dq * (peak w (start w) * peak w (start w))).
      { rewrite <- qsum_const. apply qsum_le. intros j Hj. destruct X' as [_ [_ Row]]. rewrite (Row j Hj).
        destruct (member_between w 0 (start w) j) as [B1 B2]. set (u := member_row w 0 (start w) j) in *.
        set (v := peak w (start w)) in *. clearbody u v. clear - B1 B2 b_pos. nra. }
      assert (P := row_square_positive x' T i0 t pk).
      assert (I : (inj lo <= inverse x' (root d x') (row_square x'))%F).
      { apply square_le; [now apply inverse_nonneg, root_nonneg|].
        rewrite (inverse_square x' _ _ P (row_square_root x')), <- inj_mul. apply inj_le.
        apply Qmult_le_l with (row_square x'); [exact P|].
        setoid_replace (row_square x' * / row_square x') with 1 by (field; lra).
        apply Qle_trans with (lo * lo * (dq * (peak w (start w) * peak w (start w)))); [|exact L1].
        rewrite (Qmult_comm (row_square x')), (Qmult_comm (lo * lo)), (Qmult_comm _ (lo * lo)). 
        assert (0 <= lo * lo) by nra. rewrite (Qmult_comm (lo * lo) (row_square x')), (Qmult_comm (lo * lo)).
        now apply Qmult_le_compat_r. }
      apply times_le; [rewrite <- inj_zero; now apply inj_le | exact I]. }
    assert (Z := le_trans G _ _ _ Down Up). apply inj_le in Z. lra.
  Qed.
End OneDatum.
