(** The breakdown epsilon of the family with the tie: the square of the least possible error is [h^2 (d - 1)/d]. *)
From Coq Require Import QArith ZArith List Arith Lia Lqa Ring.
From SciBarriers Require Import Ordered Sums Problems Heights Model Impossible Class Precision Data Families Barrier.
Import ListNotations.

Definition number (d : nat) : Q := inject_Z (Z.of_nat d).

Lemma height_scaled p eta t t' : admissible p eta t -> t <= t' -> height p eta t * t <= height p eta t' * t'.
Proof.
  intros [T [E P]] L. destruct p as [e|l|l]; cbn [height]; destruct P as [P0 P1].
  - setoid_replace ((eta - e) / t * t) with (eta - e) by (field; lra).
    setoid_replace ((eta - e) / t' * t') with (eta - e) by (field; lra). lra.
  - setoid_replace ((eta - l / (2 * t)) / t * t) with (eta - l / (2 * t)) by (field; lra).
    setoid_replace ((eta - l / (2 * t')) / t' * t') with (eta - l / (2 * t')) by (field; lra).
    assert (K : l / (2 * t') <= l / (2 * t)).
    { apply Qle_shift_div_l; [lra|]. setoid_replace (l / (2 * t') * (2 * t)) with (l * (t / t')) by (field; lra).
      assert (t / t' <= 1) by (apply Qle_shift_div_r; lra). nra. }
    lra.
  - setoid_replace (eta / t * t) with eta by (field; lra). setoid_replace (eta / t' * t') with eta by (field; lra). lra.
Qed.

Section Points.
  Variable G : domain.
  Add Ring Gring : (domain_ring G).
  Local Open Scope F_scope.

  (** The squared distance to a multiple of a unit vector. *)
  Lemma nsq_to_unit N (z : vec G) i (H : G) : (i < N)%nat ->
    nsq N (minus z (unit i H)) = nsq N z - (1 + 1) * (H * z i) + H * H.
  Proof.
    intros Hi. unfold nsq.
    rewrite (sum_ext G N _ (fun j => z j * z j - (1 + 1) * (z j * unit i H j) + unit i (H * H) j)).
    - rewrite sum_add, sum_sub, sum_scale. rewrite (sum_single G N i (unit i (H * H))); trivial.
      + assert (D := dot_unit G N i H z Hi). unfold dot in D. rewrite D. unfold unit. rewrite Nat.eqb_refl. ring.
      + intros j Hj D. unfold unit. apply Nat.eqb_neq in D. now rewrite D.
    - intros j Hj. unfold minus, unit. destruct (j =? i)%nat; ring.
  Qed.

  (** Every point is at least as far, on average, from the [d] vertices as the centroid. *)
  Lemma far_from_one d N (z : vec G) (H E : Q) : (d <= N)%nat ->
    (forall i, (i < d)%nat -> nsq N (minus z (unit i (inj H))) <= inj E) -> ((number d - 1) * (H * H) <= number d *
      E)%Q.
  Proof.
    intros L W. apply (inj_le G).
    assert (S : sum d (fun i => nsq N (minus z (unit i (inj H)))) <= sum d (fun _ => inj E : G)) by now apply sum_le.
    rewrite sum_const in S.
    rewrite (sum_ext G d _ (fun i => (nsq N z + inj H * inj H) - (1 + 1) * inj H * z i)) in S.
    2:{ intros i Hi. rewrite nsq_to_unit by lia. ring. }
    rewrite sum_sub, sum_scale, sum_const in S. fold (number d) in S.
    assert (B : nsq d z <= nsq N z).
    { unfold nsq. replace N with (d + (N - d))%nat by lia. rewrite sum_split.
      apply le_by with (sum (N - d) (fun i => z (d + i)%nat * z (d + i)%nat)); [ring|].
      apply sum_nonneg. intros. apply square_nonneg. }
    assert (C := cauchy_schwarz G d (fun _ => 1) z).
    assert (One : nsq d (fun _ => 1 : G) = inj (number d)) by (unfold nsq; rewrite sum_const; fold (number d); ring).
    assert (Dot : dot d (fun _ => 1) z = sum d z) by (apply sum_ext; intros; ring).
    rewrite One, Dot in C. set (s := sum d z) in *. set (n := inj (number d) : G) in *. set (h := inj H : G) in *.
    assert (N0 : 0 <= n). { unfold n. rewrite <- inj_zero. apply inj_le. unfold number. change 0%Q with (inject_Z 0).
    rewrite <- Zle_Qle. lia. }
    rewrite !inj_mul, inj_sub, inj_one. fold n. fold h.
    apply le_by with ((n * inj E - (n * (nsq N z + h * h) - (1 + 1) * h * s)) + n * (nsq N z - nsq d z)
      + (n * nsq d z - s * s) + (s - h) * (s - h)); [ring|].
    repeat apply add_nonneg; [now apply le_sub | apply mul_nonneg; [exact N0 | now apply le_sub] | now apply le_sub |
      apply square_nonneg].
  Qed.
End Points.

Section Breakdown.
  Variables d k : nat.
  Variable p : problem.
  Variable etas : list Q.
  Variable f : family.
  Hypothesis ok : admissible_class d p etas f.
  Variable G : domain.
  Variable r : nat.
  Hypothesis Hr : (r < length etas)%nat.
  Notation N := (columns d k).
  Notation h := (height p (eta etas r) (base f)).
  Notation hq := (fun q => height p (eta etas r) (peak f q)).

  Let two_le : 2 <= number d.
  Proof. unfold number. change 2 with (inject_Z 2). rewrite <- Zle_Qle. assert (2 <= d)%nat by apply ok. lia. Qed.

  Let h_nonneg : 0 <= h.
  Proof. apply height_nonneg, (admissible_more d p etas f ok); [exact Hr | lra]. Qed.

  (** The heights of the members come near to that of the tie. *)
  Lemma heights_tend E : number d * E < (number d - 1) * (h * h) ->
    exists q1, forall q, (q1 <= q)%nat -> (start f <= q)%nat -> number d * E < (number d - 1) * (hq q * hq q).
  Proof.
    intros L. assert (B := base_pos d p etas f ok). set (n := number d) in *. set (H := h) in *.
    set (gap := (n - 1) * (H * H) - n * E). assert (Gp : 0 < gap) by (unfold gap; lra).
    set (c := 2 * ((n - 1) * (H * H))). assert (Cp : 0 <= c).
    { unfold c. assert (0 <= (n - 1) * (H * H)); [|lra]. apply Qmult_le_0_compat; [lra | nra]. }
    destruct (archimedes (gap * base f / (c + 1))) as [q1 Q1].
    { apply Qlt_shift_div_l; [lra|]. rewrite Qmult_0_l. nra. }
    exists q1. intros q Hq Hs. assert (D : delta f q * (c + 1) < gap * base f).
    { apply Qle_lt_trans with (two_minus q1 * (c + 1)).
      - apply Qmult_le_compat_r; [apply two_minus_le; lia | lra].
      - apply Qlt_le_trans with (gap * base f / (c + 1) * (c + 1)); [apply Qmult_lt_compat_r; lra|].
        apply Qle_lteq. right. field. lra. }
    assert (Dp := delta_pos f q).
    assert (Sc : h * base f <= hq q * peak f q).
    { apply height_scaled; [apply (admissible_more d p etas f ok); [exact Hr | lra] | apply base_peak]. }
    destruct (heights_between d p etas f ok r q Hr Hs) as [_ U]. cbv beta in *. fold H in Sc, U.
    assert (V := height_positive d p etas f ok r q Hr). cbv beta in V.
    set (v := height p (eta etas r) (peak f q)) in *. unfold peak in Sc.
    set (b := base f) in *. set (e := delta f q) in *.
    assert (Ve : v * e <= H * e) by (apply Qmult_le_compat_r; lra).
    assert (K : H * b - H * e <= v * b) by lra.
    assert (X : (H * H - v * v) * b <= 2 * (H * H) * e).
    { assert (Y : (H - v) * b <= H * e) by lra. 
      assert (Z : (H + v) * ((H - v) * b) <= (H + v) * (H * e)) by (apply Qmult_le_l_weak || (rewrite (Qmult_comm (H +
        v)), (Qmult_comm (H + v)); apply Qmult_le_compat_r; lra)).
      assert (W : (H + v) * (H * e) <= 2 * H * (H * e)) by (apply Qmult_le_compat_r; [lra | apply Qmult_le_0_compat;
        lra]). lra. }
    assert (F : (n - 1) * ((H * H - v * v) * b) <= (n - 1) * (2 * (H * H) * e)).
    { rewrite (Qmult_comm (n - 1) ((H * H - v * v) * b)), (Qmult_comm (n - 1) (2 * (H * H) * e)).
      apply Qmult_le_compat_r; lra. }
    assert (F' : ((n - 1) * (H * H) - (n - 1) * (v * v)) * b < gap * b).
    { apply Qle_lt_trans with (e * c); [unfold c; lra|]. lra. }
    assert (F'' : (n - 1) * (H * H) - (n - 1) * (v * v) < gap).
    { destruct (Qlt_le_dec ((n - 1) * (H * H) - (n - 1) * (v * v)) gap) as [J|J]; [exact J | exfalso].
      assert (gap * b <= ((n - 1) * (H * H) - (n - 1) * (v * v)) * b) by (apply Qmult_le_compat_r; lra). lra. }
    unfold gap in F''. lra.
  Qed.

  Lemma level_confused E : number d * E < (number d - 1) * (h * h) -> forall n, exists P,
    confused precision (valid d k p etas) (within d k p etas G E r) (members d f) P (common d k p etas f) n /\ exists
      x, P x.
  Proof.
    intros L n. destruct (heights_tend E L) as [q1 T]. set (q := Nat.max n (Nat.max q1 (start f))).
    assert (D : (2 <= d)%nat) by apply ok.
    exists (fun x => exists i, is_member d f i q x). split; [split|].
    - intros x [i M]. split; [now exists i, q|]. apply shares_member with i q; [exact ok | exact M | unfold q; lia].
    - intros z H. assert (B := T q ltac:(unfold q; lia) ltac:(unfold q; lia)).
      assert (F := far_from_one G d N (z (sample k etas r)) (hq q) E). cbv beta in F.
      assert (F' : (number d - 1) * (hq q * hq q) <= number d * E).
      { apply F; [unfold columns; lia|]. intros i Hi.
        destruct (member_exists d f i q Hi ltac:(unfold q; lia)) as [x M].
        apply (within_member d k p etas f ok G x i q E r z M Hr). apply H. now exists i. }
      cbv beta in F'. lra.
    - destruct (member_exists d f 0 q ltac:(lia) ltac:(unfold q; lia)) as [x M]. exists x. now exists 0%nat.
  Qed.

  (** No algorithm has an error whose square is less than [h^2 (d - 1)/d] on all inputs. *)
  Theorem breakdown_below E : number d * E < (number d - 1) * (h * h) ->
    forall g, ~ solves (valid d k p etas) (within d k p etas G E r) (with_tie d f) g.
  Proof.
    intros L. destruct (tie_exists d f) as [x T].
    apply (impossible nat datum (network G) precision (input d) (valid d k p etas) _ (with_tie d f) (common d k p etas
      f)) with x.
    - intros n. destruct (level_confused E L n) as [P [C X]]. exists P. split; [|exact X]. now apply confused_more.
    - now left.
    - now apply valid_tie.
  Qed.

  (** Nor from a bounded number of data, on the members alone. *)
  Theorem breakdown_below_within E : number d * E < (number d - 1) * (h * h) ->
    forall M g, ~ solves_within (valid d k p etas) (within d k p etas G E r) (members d f) M g.
  Proof.
    intros L. apply (impossible_within nat datum (network G) precision (input d) (valid d k p etas) _ (members d f)
      (common d k p etas f)).
    now apply level_confused.
  Qed.

  (** The network whose value is the centroid of the simplex of the tie. *)
  Definition centroid : network G := fun s j => if (j <? d)%nat then inj (height p (hd 1%Q s) (base f) / number d)
    else 0%F.

  Lemma centroid_sums : let c := inj (h / number d) : G in
    nsq N (centroid (sample k etas r)) = (inj (number d) * (c * c))%F.
  Proof.
    cbv zeta. unfold nsq, columns. rewrite sum_split, (sum_zero G k).
    - rewrite (sum_ext G d _ (fun _ => (inj (h / number d) * inj (h / number d))%F)).
      + rewrite sum_const. fold (number d). rewrite (Radd_comm (domain_ring G)), (Radd_0_l (domain_ring G)).
        reflexivity.
      + intros j Hj. unfold centroid. apply Nat.ltb_lt in Hj. rewrite Hj. reflexivity.
    - intros j Hj. unfold centroid. replace (d + j <? d)%nat with false by (symmetry; apply Nat.ltb_ge; lia).
      rewrite <- inj_zero, <- inj_mul. apply inj_eq. ring.
  Qed.

  (** The centroid, without a read, has an error whose square is at most [h^2 (d - 1)/d] on all inputs. *)
  Theorem breakdown_attained E : (number d - 1) * (h * h) <= number d * E ->
    forall x, with_tie d f x -> within d k p etas G E r x centroid.
  Proof.
    intros L x C. assert (D : (2 <= d)%nat) by apply ok. assert (B := base_pos d p etas f ok).
    destruct C as [T|[i [q M]]].
    - left. exists (fun j => if (j <? d)%nat then h / number d else 0). split.
      + apply (input_minimisers d k p etas x r (base f)).
        * apply (admissible_more d p etas f ok); [exact Hr | lra].
        * exists 0%nat. split; [lia | now rewrite (T 0%nat ltac:(lia))].
        * intros j Hj. rewrite (T j Hj). unfold tie_row. lra.
        * assert (Z : forall j, (j < d)%nat -> (j <? d)%nat = true) by (intros j Hj; now apply Nat.ltb_lt).
          assert (P : 0 <= h / number d) by (apply Qle_shift_div_l; lra).
          split; [|split; [|split]].
          -- intros j Hj _. rewrite (Z j Hj), <- inj_zero. now apply inj_le.
          -- intros j Hj X. elim X. apply inj_eq. exact (T j Hj).
          -- intros l Hl. replace (d + l <? d)%nat with false by (symmetry; apply Nat.ltb_ge; lia). apply inj_zero.
          -- rewrite (sum_ext x d _ (fun _ => inj (h / number d))) by (intros j Hj; now rewrite (Z j Hj)).
             rewrite sum_const. fold (number d). rewrite <- inj_mul. apply inj_eq. field. lra.
      + unfold nsq. rewrite (sum_zero G).
        * rewrite <- inj_zero. apply inj_le. assert (0 <= (number d - 1) * (h * h)).
          { apply Qmult_le_0_compat; [lra | apply Qmult_le_0_compat; exact h_nonneg]. } nra.
        * intros j Hj. unfold minus, centroid. change (hd 1 (sample k etas r)) with (eta etas r).
          destruct (j <? d)%nat.
          -- rewrite <- inj_sub, <- inj_mul, <- inj_zero. apply inj_eq. ring.
          -- rewrite <- inj_zero, <- inj_sub, <- inj_mul. apply inj_eq. ring.
    - apply (within_member d k p etas f ok G x i q E r centroid M Hr).
      assert (U := heights_between d p etas f ok r q Hr ltac:(apply M)). cbv beta in U. destruct U as [_ U].
      assert (V := height_positive d p etas f ok r q Hr). cbv beta in V. destruct M as [Hi _].
      rewrite nsq_to_unit by (unfold columns; lia). rewrite centroid_sums.
      unfold centroid at 1. apply Nat.ltb_lt in Hi. rewrite Hi. change (hd 1 (sample k etas r)) with (eta etas r).
      rewrite <- inj_one, <- !inj_mul, <- inj_add, <- !inj_mul, <- inj_sub, <- inj_add. apply inj_le.
      set (v := height p (eta etas r) (peak f q)) in *. set (H := h) in *. set (n := number d) in *.
      assert (W : n * (n * (H / n * (H / n)) - (1 + 1) * (v * (H / n)) + v * v) == H * H - 2 * (v * H) + n * (v * v)).
      { field. lra. }
      assert (K : H * H - 2 * (v * H) + n * (v * v) <= n * E).
      { assert (0 <= (H - v) * (n * (H + v) - 2 * H)); [|nra].
        apply Qmult_le_0_compat; [lra|]. assert (2 * H <= n * H) by (apply Qmult_le_compat_r; lra).
        assert (0 <= n * v) by (apply Qmult_le_0_compat; lra). lra. }
      rewrite <- W in K. set (u := n * (H / n * (H / n)) - (1 + 1) * (v * (H / n)) + v * v) in *.
      destruct (Qlt_le_dec E u) as [J|J]; [exfalso|exact J]. clear - K J two_le. fold n in two_le. nra.
  Qed.
End Breakdown.
