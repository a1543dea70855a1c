(** All minimisers of the three problems on a block matrix, for every entry [c] of the block below the row. *)
From Coq Require Import QArith Ring Field Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Problems Heights.
Local Open Scope F_scope.

Section Minimisers.
  Variable F : domain.
  Add Ring Fring : (domain_ring F).
  Variables d k : nat.
  Variable a : vec F.
  Variable c : F.
  Variables tq eta : Q.
  Notation t := (inj tq : F).
  Notation N := (columns d k).
  Notation m := (rows k).
  Notation A := (block d a c).
  Notation y := (unit O (inj eta)).
  Hypothesis a_bounds : forall j, (j < d)%nat -> 0 <= a j /\ a j <= t.

  Let t_pos' : (0 < tq)%Q -> 0 < t.
  Proof. intros H. rewrite <- inj_zero. now apply inj_lt. Qed.

  Let pos q : (0 <= q)%Q -> 0 <= (inj q : F).
  Proof. intros H. rewrite <- inj_zero. now apply inj_le. Qed.

  Lemma first_entry x : (dot d a x - inj eta) * (dot d a x - inj eta) <= nsq m (residual N A y x).
  Proof.
    rewrite nsq_residual. apply le_by with (tail F d k c x); [ring | apply tail_nonneg].
  Qed.

  Lemma residual_of_simplex x h : 0 <= h -> in_simplex d k a t h x ->
    nsq m (residual N A y x) = (t * h - inj eta) * (t * h - inj eta).
  Proof.
    intros H S. destruct (simplex_facts F d k a c t a_bounds h x S H) as [L [W Z]].
    rewrite nsq_residual, W, Z. ring.
  Qed.

  (** [x] is a minimiser iff it is in the simplex. *)
  Theorem minimisers p : admissible p eta tq -> (exists j, (j < d)%nat /\ a j = t) ->
    forall x, minimiser p m N A y x <-> in_simplex d k a t (inj (height p eta tq)) x.
  Proof.
    intros Ad [i0 [Hi0 Hai0]] x. assert (Hq := height_nonneg p eta tq Ad).
    destruct Ad as [Tq [Etaq Par]]. assert (T := t_pos' Tq).
    set (h := inj (height p eta tq) : F) in *. assert (H : 0 <= h) by now apply pos.
    assert (G := gap_nonneg F d k a t T a_bounds).
    (* the least value, that it is attained on the simplex and nowhere else *)
    enough (V : exists v, (forall x, in_simplex d k a t h x -> cost p m N A y x v) /\
        (forall z w, cost p m N A y z w -> v <= w) /\
        (forall z, cost p m N A y z v -> t * norm1 N z - dot d a z <= 0 /\ dot d a z = t * h)).
    { destruct V as [v [V1 [V2 V3]]]. split.
      - intros [v' [C M]]. assert (E : in_simplex d k a t h (unit i0 h)).
        { split; [|split; [|split]].
          - intros j Hj _. unfold unit. destruct (j =? i0)%nat; [exact H | apply le_refl].
          - intros j Hj D. unfold unit. destruct (Nat.eqb_spec j i0); [subst; now elim D | reflexivity].
          - intros i Hi. unfold unit. destruct (Nat.eqb_spec (d + i) i0); [lia | reflexivity].
          - rewrite (sum_single F d i0); trivial; unfold unit.
            + now rewrite Nat.eqb_refl.
            + intros j Hj D. apply Nat.eqb_neq in D. now rewrite D. }
        assert (B : v' = v).
        { apply le_antisym; [apply (M (unit i0 h)); now apply V1 | now apply (V2 x)]. }
        subst v'. destruct (V3 x C) as [P Q]. now apply tight.
      - intros S. exists v. split; [now apply V1 | exact V2]. }
    assert (W : t * h = inj (tq * height p eta tq)%Q) by now rewrite inj_mul.
    destruct p as [e|l|l]; cbn [cost height] in *; destruct Par as [P0 P1].
    - (* (P1) *)
      assert (W' : t * h = inj eta - inj e).
      { rewrite W, <- inj_sub. apply inj_eq. field. lra. }
      assert (Hr : forall z, nsq m (residual N A y z) <= inj e * inj e -> t * h <= dot d a z).
      { intros z Hz. rewrite W'. apply le_by with (inj e - (inj eta - dot d a z)); [ring|]. apply le_sub.
        apply square_le; [apply pos; lra|]. apply le_trans with (nsq m (residual N A y z)); [|exact Hz].
        apply le_trans with ((dot d a z - inj eta) * (dot d a z - inj eta)); [|apply first_entry].
        apply le_by with 0; [ring | apply le_refl]. }
      exists h. split; [|split].
      + intros z S. split.
        * rewrite (residual_of_simplex z h H S), W'. apply le_by with 0; [ring | apply le_refl].
        * destruct (simplex_facts F d k a c t a_bounds h z S H) as [-> _]. apply le_refl.
      + intros z w [C1 C2]. apply cancel_le with t; [exact T|]. apply le_trans with (dot d a z); [now apply Hr|].
        apply le_by with ((t * norm1 N z - dot d a z) + t * (w - norm1 N z)); [ring|].
        apply add_nonneg; [apply G|]. apply mul_nonneg; [now apply lt_le | now apply le_sub].
      + intros z [C1 C2]. assert (L := Hr z C1).
        assert (M : t * norm1 N z <= t * h) by (apply mul_le; [now apply lt_le | exact C2]).
        split.
        * apply le_by with ((t * h - t * norm1 N z) + (dot d a z - t * h)); [ring|]. apply add_nonneg; now apply le_sub.
        * apply le_antisym; [|exact L]. apply le_trans with (t * norm1 N z); [|exact M].
          apply le_by with (t * norm1 N z - dot d a z); [ring | apply G].
    - (* (P2) *)
      set (kq := (l / (2 * tq))%Q) in *. set (kap := inj kq : F).
      assert (Hl : inj l = (1 + 1) * t * kap :> F).
      { rewrite <- (inj_one F), <- inj_add. unfold kap. rewrite <- !inj_mul. apply inj_eq. unfold kq. field. lra. }
      assert (W' : t * h = inj eta - kap).
      { rewrite W. unfold kap. rewrite <- inj_sub. apply inj_eq. field. lra. }
      assert (L0 : 0 < (inj l : F)) by (rewrite <- inj_zero; apply inj_lt; exact P0).
      assert (I : forall z v, t * (v - (inj l * h + kap * kap)) =
        inj l * (t * norm1 N z - dot d a z) + t * ((dot d a z - t * h) * (dot d a z - t * h)) + t * tail F d k c z
          + t * (v - (inj l * norm1 N z + nsq m (residual N A y z)))).
      { intros z v. rewrite nsq_residual. replace (inj eta : F) with (t * h + kap) by (rewrite W'; ring).
        rewrite Hl. ring. }
      exists (inj l * h + kap * kap). split; [|split].
      + intros z S. rewrite (residual_of_simplex z h H S), W'.
        destruct (simplex_facts F d k a c t a_bounds h z S H) as [-> _]. apply le_by with 0; [ring | apply le_refl].
      + intros z w C. apply cancel_le with t; [exact T|].
        apply le_by with (t * (w - (inj l * h + kap * kap))); [ring|]. rewrite (I z w).
        apply add_nonneg; [apply add_nonneg; [apply add_nonneg|]|]; apply mul_nonneg; try (now apply lt_le);
          [apply G | apply square_nonneg | apply tail_nonneg | now apply le_sub].
      + intros z C. specialize (I z (inj l * h + kap * kap)).
        set (g := t * norm1 N z - dot d a z) in *. set (w := dot d a z - t * h) in *.
        set (r := inj l * h + kap * kap - (inj l * norm1 N z + nsq m (residual N A y z))) in *.
        assert (G0 : 0 <= g) by apply G. assert (Ta := tail_nonneg F d k c z). assert (R0 : 0 <= r) by now apply le_sub.
        assert (S0 : 0 <= w * w) by apply square_nonneg.
        assert (T' : 0 <= t) by now apply lt_le. assert (L' : 0 <= (inj l : F)) by now apply lt_le.
        replace (t * (inj l * h + kap * kap - (inj l * h + kap * kap))) with (0 : F) in I by ring.
        assert (E1 : inj l * g <= 0).
        { apply le_by with (t * (w * w) + t * tail F d k c z + t * r); [rewrite I; ring|].
          repeat apply add_nonneg; apply mul_nonneg; assumption. }
        assert (E2 : t * (w * w) <= 0).
        { apply le_by with (inj l * g + t * tail F d k c z + t * r); [rewrite I; ring|].
          repeat apply add_nonneg; apply mul_nonneg; assumption. }
        split; [now apply cancel with (inj l)|].
        apply cancel in E2; [|exact T]. apply square_zero in E2. unfold w in E2.
        replace (dot d a z) with (dot d a z - t * h + t * h) by ring. rewrite E2. ring.
    - (* (P3) *)
      assert (W' : t * h = inj eta) by (rewrite W; apply inj_eq; field; lra).
      assert (L0 : 0 < (inj l : F)) by (rewrite <- inj_zero; apply inj_lt; exact P0).
      assert (D0 : 0 < t - inj l) by (rewrite <- inj_sub, <- inj_zero; apply inj_lt; lra).
      assert (I : forall z v s, t * (v - inj l * h) = inj l * (t * norm1 N z - dot d a z) + (t - inj l) * s
          + inj l * (dot d a z + s - inj eta) + t * (v - (inj l * norm1 N z + s))).
      { intros z v s. replace (t * (v - inj l * h)) with (t * v - inj l * (t * h)) by ring. rewrite W'. ring. }
      assert (Hs : forall z s, 0 <= s -> nsq m (residual N A y z) <= s * s -> 0 <= dot d a z + s - inj eta).
      { intros z s S0 S1. replace (dot d a z + s - inj eta) with (s - (inj eta - dot d a z)) by ring. apply le_sub.
        apply square_le; [exact S0|]. apply le_trans with (nsq m (residual N A y z)); [|exact S1].
        apply le_trans with ((dot d a z - inj eta) * (dot d a z - inj eta)); [|apply first_entry].
        apply le_by with 0; [ring | apply le_refl]. }
      exists (inj l * h). split; [|split].
      + intros z S. exists 0. split; [apply le_refl|]. split.
        * rewrite (residual_of_simplex z h H S), W'. apply le_by with 0; [ring | apply le_refl].
        * destruct (simplex_facts F d k a c t a_bounds h z S H) as [-> _]. apply le_by with 0; [ring | apply le_refl].
      + intros z w [s [S0 [S1 C]]]. apply cancel_le with t; [exact T|].
        apply le_by with (t * (w - inj l * h)); [ring|]. rewrite (I z w s).
        apply add_nonneg; [apply add_nonneg; [apply add_nonneg|]|]; apply mul_nonneg; try (now apply lt_le); trivial;
          [now apply Hs | now apply le_sub].
      + intros z [s [S0 [S1 C]]]. specialize (I z (inj l * h) s). assert (Hz := Hs z s S0 S1).
        set (g := t * norm1 N z - dot d a z) in *. set (r := inj l * h - (inj l * norm1 N z + s)) in *.
        set (b := dot d a z + s - inj eta) in *.
        assert (G0 : 0 <= g) by apply G. assert (R0 : 0 <= r) by now apply le_sub.
        assert (T' : 0 <= t) by now apply lt_le. assert (L' : 0 <= (inj l : F)) by now apply lt_le.
        assert (D' : 0 <= t - inj l) by now apply lt_le.
        replace (t * (inj l * h - inj l * h)) with (0 : F) in I by ring.
        assert (E1 : inj l * g <= 0).
        { apply le_by with ((t - inj l) * s + inj l * b + t * r); [rewrite I; ring|].
          repeat apply add_nonneg; apply mul_nonneg; assumption. }
        assert (E2 : (t - inj l) * s <= 0).
        { apply le_by with (inj l * g + inj l * b + t * r); [rewrite I; ring|].
          repeat apply add_nonneg; apply mul_nonneg; assumption. }
        apply cancel in E1; [|exact L0]. apply cancel in E2; [|exact D0].
        split; [exact E1|]. assert (s = 0) by now apply le_antisym. subst s.
        assert (Z : dot d a z - inj eta = 0).
        { apply square_zero. apply le_trans with (nsq m (residual N A y z)); [apply first_entry|].
          apply le_trans with (0 * 0); [exact S1|]. apply le_by with 0; [ring | apply le_refl]. }
        replace (dot d a z) with (dot d a z - inj eta + inj eta) by ring. rewrite Z, W'. ring.
  Qed.
End Minimisers.
