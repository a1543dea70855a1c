(** The families: heights, the only minimisers of the members, their shared data, and that no answer serves two. *)
From Coq Require Import QArith ZArith List Arith Lia Lqa Ring.
From SciBarriers Require Import Ordered Sums Problems Heights Minimisers Model Impossible Class Precision Data.
Import ListNotations.

(** A larger entry has a smaller height. *)
Lemma height_decreases p eta t t' : admissible p eta t ->
  match p with Lasso lambda => (lambda <= t * eta)%Q | _ => True end -> t <= t' -> height p eta t' <= height p eta t.
Proof.
  intros [T [E P]] C L. assert (T' : 0 < t') by lra.
  set (u := / t). set (u' := / t').
  assert (U : 0 < u) by now apply Qinv_lt_0_compat. assert (U' : 0 < u') by now apply Qinv_lt_0_compat.
  assert (Tu : t * u == 1) by (unfold u; field; lra). assert (Tu' : t' * u' == 1) by (unfold u'; field; lra).
  assert (UU : u' <= u) by (clear - T T' U U' Tu Tu' L; nra).
  destruct p as [e|l|l]; cbn [height]; destruct P as [P0 P1]; unfold Qdiv; fold u u'.
  - clear - UU P1. nra.
  - setoid_replace (l * / (2 * t')) with (l * u' * (1 # 2)) by (unfold u'; field; lra).
    setoid_replace (l * / (2 * t)) with (l * u * (1 # 2)) by (unfold u; field; lra).
    assert (K : l * u <= eta).
    { setoid_replace eta with (t * eta * u) by (setoid_replace (t * eta * u) with (t * u * eta) by ring; rewrite Tu;
      ring). apply Qmult_le_compat_r; lra. }
    assert (K' : l * u' <= eta) by (clear - UU P0 K U'; nra).
    assert (X : 0 <= (u - u') * (eta - l * (u + u') * (1 # 2))) by (apply Qmult_le_0_compat; lra). 
    setoid_replace ((eta - l * u * (1 # 2)) * u) with ((eta - l * u' * (1 # 2)) * u' + (u - u') * (eta - l * (u + u')
      * (1 # 2))) by ring. lra.
  - clear - UU E. nra.
Qed.

Section Families.
  Variables d k : nat.
  Variable p : problem.
  Variable etas : list Q.
  Variable f : family.
  Hypothesis ok : admissible_class d p etas f.
  Notation m := (rows k).
  Notation N := (columns d k).
  Notation R := (length etas).
  Notation eta := (eta etas).
  Notation e := (ten_minus (digits f)).

  Lemma delta_pos q : 0 < delta f q.
  Proof. apply two_minus_pos. Qed.

  Lemma delta_le q q' : (q <= q')%nat -> delta f q' <= delta f q.
  Proof. intros H. apply two_minus_le. lia. Qed.

  Lemma admissible_more r t : (r < R)%nat -> base f <= t -> admissible p (eta r) t.
  Proof.
    intros Hr L. destruct ok as [_ [_ Ok]]. destruct (Ok r Hr) as [[T [E P]] [C _]].
    split; [lra|]. split; [exact E|]. destruct p as [x|l|l]; destruct P as [P0 P1]; split; trivial; [|lra].
    apply Qle_trans with (2 * base f * eta r); [exact P1|]. apply Qmult_le_compat_r; lra.
  Qed.

  Lemma base_pos : 0 < base f.
  Proof. destruct ok as [_ [R0 Ok]]. now destruct (Ok 0%nat R0) as [[T _] _]. Qed.

  Lemma base_peak q : base f <= peak f q.
  Proof. unfold peak. assert (D := delta_pos q). lra. Qed.

  Lemma member_between i q j : base f <= member_row f i q j <= peak f q.
  Proof. unfold member_row. assert (D := base_peak q). unfold peak in *. destruct (j =? i)%nat; lra. Qed.

  Notation h := (fun r => height p (eta r) (base f)).
  Notation hq := (fun r q => height p (eta r) (peak f q)).

  Lemma heights_between r q : (r < R)%nat -> (start f <= q)%nat -> hq r (start f) <= hq r q <= h r.
  Proof.
    intros Hr Hq. destruct ok as [_ [_ Ok]]. destruct (Ok r Hr) as [[T [E P]] [C _]]. split.
    - apply height_decreases.
      + apply admissible_more; [exact Hr | apply base_peak].
      + destruct p as [x|l|l]; trivial. assert (B := base_peak q).
        apply Qle_trans with (base f * eta r); [exact C|]. apply Qmult_le_compat_r; lra.
      + unfold peak. assert (D := delta_le (start f) q Hq). lra.
    - apply height_decreases; [now split | exact C | apply base_peak].
  Qed.

  Lemma height_positive r q : (r < R)%nat -> 0 <= hq r q.
  Proof. intros Hr. apply height_nonneg, admissible_more; [exact Hr | apply base_peak]. Qed.

  (** (i), for all levels. *)
  Lemma separated r q : (r < R)%nat -> (start f <= q)%nat -> 4 * (e * e) < 2 * (hq r q * hq r q).
  Proof.
    intros Hr Hq. destruct ok as [_ [_ Ok]]. destruct (Ok r Hr) as [_ [_ [I _]]]. cbv zeta in I.
    destruct (heights_between r q Hr Hq) as [L _]. cbv beta in L. assert (Z := height_positive r (start f) Hr).
    cbv beta in Z.
    eapply Qlt_le_trans; [exact I|]. set (u := height p (eta r) (peak f (start f))) in *.
    set (v := height p (eta r) (peak f q)) in *. clearbody u v. clear - L Z. nra.
  Qed.

  Section Member.
    Variable x : input d.
    Add Ring Fring : (domain_ring (domain_of d x)).
    Local Open Scope F_scope.

    Lemma row_bounds (t : Q) : (forall j, (j < d)%nat -> (0 <= row d x j)%Q /\ (row d x j <= t)%Q) ->
      forall j, (j < d)%nat -> 0 <= (inj (row d x j) : x) /\ inj (row d x j) <= (inj t : x).
    Proof.
      intros H j Hj. destruct (H j Hj). split; [rewrite <- inj_zero|]; now apply inj_le.
    Qed.

    (** The minimisers of an input whose largest entry is [t]. *)
    Lemma input_minimisers r t : admissible p (eta r) t -> (exists j, (j < d)%nat /\ (row d x j == t)%Q) ->
      (forall j, (j < d)%nat -> (0 <= row d x j)%Q /\ (row d x j <= t)%Q) ->
      forall z, minimiser p m N (A d x) (y d etas x r) z <->
        in_simplex d k (fun j => inj (row d x j)) (inj t) (inj (height p (eta r) t)) z.
    Proof.
      intros Ad [j0 [Hj0 E]] H. apply minimisers; [now apply row_bounds | exact Ad |].
      exists j0. split; [exact Hj0 | now apply inj_eq].
    Qed.

    Lemma vertex_in_simplex i t H : (i < d)%nat -> (row d x i == t)%Q -> (0 <= H)%Q ->
      in_simplex d k (fun j => inj (row d x j)) (inj t) (inj H) (unit i (inj H) : vec x).
    Proof.
      intros Hi E H0. assert (P : 0 <= (inj H : x)) by (rewrite <- inj_zero; now apply inj_le).
      split; [|split; [|split]].
      - intros j Hj _. unfold unit. destruct (j =? i)%nat; [exact P | apply le_refl].
      - intros j Hj D. unfold unit. destruct (Nat.eqb_spec j i) as [->|]; [|reflexivity]. elim D. now apply inj_eq.
      - intros l Hl. unfold unit. destruct (Nat.eqb_spec (d + l) i); [lia | reflexivity].
      - rewrite (sum_single x d i); trivial; unfold unit.
        + now rewrite Nat.eqb_refl.
        + intros j Hj D. apply Nat.eqb_neq in D. now rewrite D.
    Qed.

    Variables i q : nat.
    Hypothesis M : is_member d f i q x.

    Lemma member_row_bounds j : (j < d)%nat -> (0 <= row d x j)%Q /\ (row d x j <= peak f q)%Q.
    Proof.
      intros Hj. destruct M as [_ [_ E]]. rewrite (E j Hj). destruct (member_between i q j). assert (B := base_pos).
      split; [eapply Qle_trans; [apply Qlt_le_weak; exact B|]|]; assumption.
    Qed.

    Lemma member_peak : (row d x i == peak f q)%Q.
    Proof. destruct M as [Hi [_ E]]. rewrite (E i Hi). unfold member_row. now rewrite Nat.eqb_refl. Qed.

    (** The only minimiser of a member. *)
    Theorem member_minimiser r z : (r < R)%nat ->
      minimiser p m N (A d x) (y d etas x r) z <-> forall j, (j < N)%nat -> z j = unit i (inj (hq r q)) j.
    Proof.
      intros Hr. assert (Hi := proj1 M). assert (E := proj2 (proj2 M)).
      rewrite (input_minimisers r (peak f q)); [| apply admissible_more; [exact Hr | apply base_peak]
        | exists i; split; [exact Hi | exact member_peak] | exact member_row_bounds].
      split.
      - intros [S1 [S2 [S3 S4]]] j Hj. unfold columns in Hj.
        assert (Off : forall l, (l < d)%nat -> l <> i -> z l = 0).
        { intros l Hl D. apply S2; [exact Hl|]. intros X. apply inj_inv in X. rewrite (E l Hl) in X.
          unfold member_row, peak in X. apply Nat.eqb_neq in D. rewrite D in X. assert (P := delta_pos q). lra. }
        unfold unit. destruct (Nat.eqb_spec j i) as [->|D].
        + rewrite <- S4. symmetry. now apply sum_single.
        + destruct (le_lt_dec d j) as [L|L]; [|now apply Off].
          replace j with (d + (j - d))%nat by lia. apply S3. lia.
      - intros Z. destruct (vertex_in_simplex i (peak f q) (hq r q) Hi member_peak (height_positive r q Hr)) as [S1
        [S2 [S3 S4]]].
        split; [|split; [|split]].
        + intros j Hj X. rewrite Z by (unfold columns; lia). now apply S1.
        + intros j Hj X. rewrite Z by (unfold columns; lia). now apply S2.
        + intros l Hl. rewrite Z by (unfold columns; lia). now apply S3.
        + rewrite <- S4. apply sum_ext. intros j Hj. apply Z. unfold columns. lia.
    Qed.
  End Member.

  Lemma valid_tie (x : input d) : is_tie d f x -> valid d k p etas x (common d k p etas f).
  Proof.
    intros E n. assert (B := base_pos). destruct ok as [D [_ Ok]]. apply honest_valid; [| lia | reflexivity | | |].
    - intros r Hr. apply admissible_more; [exact Hr | lra].
    - intros j Hj. unfold tie_row. lra.
    - intros j Hj. rewrite (E j Hj). lra.
    - unfold nsq. rewrite (sum_zero x).
      + rewrite <- inj_mul, <- inj_zero. apply inj_le. unfold two_minus. discriminate.
      + intros j Hj. rewrite (inj_eq x _ _ (E j Hj)), <- inj_sub, <- inj_mul, <- inj_zero. apply inj_eq. ring.
  Qed.

  Lemma valid_member (x : input d) i q : is_member d f i q x -> valid d k p etas x (disguised d k p etas f i q).
  Proof.
    intros [Hi [Hq E]] n. assert (B := base_pos). destruct ok as [D [_ Ok]]. unfold disguised.
    destruct (Nat.leb_spec n q) as [L|L].
    - apply honest_valid; [| lia | reflexivity | | |].
      + intros r Hr. apply admissible_more; [exact Hr | lra].
      + intros j Hj. unfold tie_row. lra.
      + intros j Hj. rewrite (E j Hj). unfold tie_row. apply member_between.
      + unfold nsq. rewrite (sum_single x d i); [| exact Hi |].
        * rewrite (inj_eq x _ _ (E i Hi)), <- inj_sub, <- !inj_mul. apply inj_le. unfold member_row, tie_row.
          rewrite Nat.eqb_refl. assert (P := delta_pos q). assert (Q := two_minus_le n (q + shift f) ltac:(lia)).
          fold (delta f q) in Q. set (u := delta f q) in *. set (v := two_minus n) in *. clearbody u v. clear - P Q.
          nra.
        * intros j Hj X. rewrite (inj_eq x _ _ (E j Hj)), <- inj_sub, <- inj_mul, <- inj_zero. apply inj_eq.
          unfold member_row, tie_row. apply Nat.eqb_neq in X. rewrite X. ring.
    - apply honest_valid; [| exact Hi | | | |].
      + intros r Hr. apply admissible_more; [exact Hr | apply base_peak].
      + unfold member_row. now rewrite Nat.eqb_refl.
      + intros j Hj. destruct (member_between i q j). lra.
      + intros j Hj. rewrite (E j Hj). apply Qle_refl.
      + unfold nsq. rewrite (sum_zero x).
        * rewrite <- inj_mul, <- inj_zero. apply inj_le. unfold two_minus. discriminate.
        * intros j Hj. rewrite (inj_eq x _ _ (E j Hj)), <- inj_sub, <- inj_mul, <- inj_zero. apply inj_eq. ring.
  Qed.

  Lemma shares_member (x : input d) i q n : is_member d f i q x -> (n <= q)%nat ->
    shares precision (valid d k p etas) (common d k p etas f) n x.
  Proof.
    intros M L. exists (disguised d k p etas f i q). split; [now apply valid_member|].
    intros l Hl. unfold precision in Hl. unfold disguised.
    destruct (Nat.leb_spec l q); [reflexivity | lia].
  Qed.

  Variable G : domain.

  (** Right at sample [r] on a member: near to its only minimiser. *)
  Lemma within_member (x : input d) i q E r phi : is_member d f i q x -> (r < R)%nat ->
    within d k p etas G E r x phi <->
    (nsq N (minus (phi (sample k etas r)) (unit i (inj (hq r q)))) <= inj E)%F.
  Proof.
    intros M Hr. unfold within.
    set (u := fun j => if (j =? i)%nat then hq r q else 0%Q).
    assert (U : forall (F : domain) j, inj (u j) = unit i (inj (hq r q)) j :> F).
    { intros F j. unfold u, unit. destruct (j =? i)%nat; [reflexivity | apply inj_zero]. }
    split.
    - intros [[v [V L]]|[H [w [w' [z [V L]]]]]]; rewrite (member_minimiser x i q M r _ Hr) in V.
      2:{ rewrite (embed_le G H w), embed_nsq, embed_inj.
        rewrite (nsq_ext H N _ (minus (fun j => w (phi (sample k etas r) j)) (fun j => w' (z j)))); [exact L|].
        intros j Hj. unfold minus. rewrite embed_sub, (V j Hj), <- !U, !embed_inj. reflexivity. }
      rewrite (nsq_ext G N _ (minus (phi (sample k etas r)) (fun j => inj (v j)))); [exact L|].
      intros j Hj. unfold minus. f_equal. rewrite <- U. apply inj_eq. symmetry. apply (inj_inv x). rewrite (V j Hj).
      now rewrite U.
    - intros L. left. exists u. split; [rewrite (member_minimiser x i q M r _ Hr); intros j _; apply U|].
      rewrite (nsq_ext G N _ (minus (phi (sample k etas r)) (unit i (inj (hq r q))))); [exact L|].
      intros j Hj. unfold minus. now rewrite U.
  Qed.

  Lemma right_member (x : input d) i q T r phi : is_member d f i q x -> (r < R)%nat ->
    right_at d k p etas G T r x phi <->
    (nsq N (minus (phi (sample k etas r)) (unit i (inj (hq r q)))) <= inj (ten_minus T * ten_minus T)%Q)%F.
  Proof. exact (within_member x i q (ten_minus T * ten_minus T) r phi). Qed.

  (** No answer is right for two members of a level. *)
  Lemma members_apart (x x' : input d) i j q r phi : is_member d f i q x -> is_member d f j q x' -> i <> j -> (r <
    R)%nat ->
    right_at d k p etas G (digits f) r x phi -> right_at d k p etas G (digits f) r x' phi -> False.
  Proof.
    intros M M' D Hr H H'. rewrite (right_member x i q) in H by trivial. rewrite (right_member x' j q) in H' by trivial.
    assert (B := nsq_between G N _ _ _ _ H H').
    destruct M as [Hi [Hq _]], M' as [Hj _].
    rewrite nsq_units in B; [| unfold columns; lia | unfold columns; lia | exact D].
    assert (S := separated r q Hr Hq). cbv beta in *. set (u := height p (eta r) (peak f q)) in *.
    rewrite <- !inj_mul, <- !inj_add in B.
    rewrite <- inj_one, <- !inj_add, <- inj_mul in B. apply inj_le in B. clear - B S. lra.
  Qed.
End Families.
