(** Every rational [s >= 0] has a root in some ordered domain: in the rationals, or in the pairs [a + b sqrt s]. *)
From Coq Require Import QArith Qcanon ZArith Lia Lqa Setoid.
From SciBarriers Require Import Ordered.
Local Open Scope Q_scope.

Lemma this_add (x y : Qc) : this (x + y)%Qc == this x + this y.
Proof. apply Qred_correct. Qed.
Lemma this_mul (x y : Qc) : this (x * y)%Qc == this x * this y.
Proof. apply Qred_correct. Qed.
Lemma this_opp (x : Qc) : this (- x)%Qc == - this x.
Proof. apply Qred_correct. Qed.
Lemma this_inj (q : Q) : this (Q2Qc q) == q.
Proof. apply Qred_correct. Qed.

(** The rational numbers. *)
Definition rationals : domain.
Proof.
  refine {| car := Qc; domain_ring := Qcrt; nonneg := fun x => 0 <= this x; inj := Q2Qc |}.
  - intros x y Hx Hy. rewrite this_add. lra.
  - intros x y Hx Hy. rewrite this_mul. now apply Qmult_le_0_compat.
  - intros x. destruct (Qlt_le_dec (this x) 0) as [H|H]; [right; lra | now left].
  - intros x H. rewrite this_opp. lra.
  - intros x H K. rewrite this_opp in K. apply Qc_is_canon. change (this 0%Qc) with 0. lra.
  - intros x y H. now apply Qcmult_integral.
  - intros a b H. now apply Qc_is_canon; rewrite !this_inj.
  - reflexivity.
  - intros a b. apply Qc_is_canon. now rewrite this_add, !this_inj.
  - intros a b. apply Qc_is_canon. now rewrite this_mul, !this_inj.
  - intros a. now rewrite this_inj.
Defined.


Lemma by_squares x y : 0 <= y -> x * x <= y * y -> x <= y.
Proof. intros H K. destruct (Qlt_le_dec y x) as [L|L]; [exfalso; nra | exact L]. Qed.

(** [(t - a) sqrt s <= sqrt Y - sqrt X] for [t sqrt s <= sqrt Y] and [sqrt X <= a sqrt s], in squares. *)
Lemma difference s t a X Y R : 0 < s -> 0 <= a -> a < t -> t * t * s <= Y -> 0 <= X -> X <= a * a * s -> R * R == X *
  Y ->
  (t - a) * (t - a) * s <= Y + X + 2 * R.
Proof.
  intros S A T HY X0 HX HR. set (u := Y - t * t * s). set (v := a * a * s - X).
  assert (U : 0 <= u) by (unfold u; lra). assert (V : 0 <= v) by (unfold v; lra).
  assert (K : - (2 * R) <= u - v + 2 * t * a * s).
  { apply by_squares.
    - assert (a * a * s <= t * a * s) by (apply Qmult_le_compat_r; [apply Qmult_le_compat_r|]; lra).
      assert (0 <= t * a * s) by (repeat apply Qmult_le_0_compat; lra). unfold v. lra.
    - assert (E : (u - v + 2 * t * a * s) * (u - v + 2 * t * a * s) ==
        4 * (X * Y) + (u + v) * (u + v) + 4 * (a * s * u * (t - a)) + 4 * (t * s * v * (t - a))) by (unfold u, v; ring).
      assert (P1 : 0 <= a * s * u * (t - a)) by (repeat apply Qmult_le_0_compat; lra).
      assert (P2 : 0 <= t * s * v * (t - a)) by (repeat apply Qmult_le_0_compat; lra).
      assert (P3 : 0 <= (u + v) * (u + v)) by nra.
      setoid_replace (- (2 * R) * - (2 * R)) with (4 * (R * R)) by ring. rewrite HR, E. lra. }
  unfold u, v in K. lra.
Qed.

(** [a + b sqrt s >= 0]. *)
Definition cone (s a b : Q) : Prop := (0 <= a /\ b * b * s <= a * a) \/ (0 <= b /\ a * a <= b * b * s).

Lemma cone_ext s a a' b b' : a == a' -> b == b' -> cone s a b -> cone s a' b'.
Proof. intros Ha Hb. unfold cone. now rewrite Ha, Hb. Qed.

Section Cone.
  Variable s : Q.
  Hypothesis s_pos : 0 < s.

  Let sq_s x : 0 <= x * x * s.
  Proof. apply Qmult_le_0_compat; [nra | lra]. Qed.

  Let square_lt x y : 0 <= y -> x * x * s < y * y * s -> x < y.
  Proof. intros H K. destruct (Qlt_le_dec x y) as [L|L]; [exact L | exfalso]. assert (y * y <= x * x) by nra.
    assert (y * y * s <= x * x * s) by (apply Qmult_le_compat_r; lra). lra. Qed.

  Lemma cone_add_mixed a b a' b' : 0 <= a -> b * b * s <= a * a -> 0 <= b' -> a' * a' <= b' * b' * s ->
    cone s (a + a') (b + b').
  Proof.
    intros A B A' B'. destruct (Qlt_le_dec (a + a') 0) as [L|L].
    - right. set (t := - a'). assert (T : a < t) by (unfold t; lra). split.
      + destruct (Qlt_le_dec (b + b') 0) as [M|M]; [exfalso|exact M].
        assert (X : b' * b' <= b * b) by nra. assert (Y : b' * b' * s <= b * b * s) by (apply Qmult_le_compat_r; lra).
        assert (Z : a' * a' <= a * a) by lra. unfold t in T. nra.
      + assert (D := difference 1 t a (b * b * s) (b' * b' * s) (b * b' * s) ltac:(lra) A T).
        assert (E : t * t * 1 <= b' * b' * s) by (unfold t; lra). assert (E' : b * b * s <= a * a * 1) by lra.
        specialize (D E (sq_s b) E' ltac:(ring)). unfold t in D. lra.
    - destruct (Qlt_le_dec ((a + a') * (a + a')) ((b + b') * (b + b') * s)) as [M|M]; [right | left; split; lra].
      split; [|lra]. destruct (Qlt_le_dec (b + b') 0) as [W|W]; [exfalso | exact W].
      set (t := - b). assert (T : b' < t) by (unfold t; lra).
      assert (D := difference s t b' (a' * a') (a * a) (a * a') s_pos A' T).
      assert (E : t * t * s <= a * a) by (unfold t; lra).
      specialize (D E ltac:(nra) B' ltac:(ring)). unfold t in D. lra.
  Qed.

  Lemma cone_add a b a' b' : cone s a b -> cone s a' b' -> cone s (a + a') (b + b').
  Proof.
    intros [[A B]|[A B]] [[A' B']|[A' B']].
    - left. split; [lra|]. assert (K : b * b' * s <= a * a').
      { apply by_squares; [now apply Qmult_le_0_compat|].
        setoid_replace (b * b' * s * (b * b' * s)) with ((b * b * s) * (b' * b' * s)) by ring.
        setoid_replace (a * a' * (a * a')) with ((a * a) * (a' * a')) by ring.
        apply Qmult_le_compat_nonneg; split; trivial. }
      lra.
    - now apply cone_add_mixed.
    - apply cone_ext with (a' + a) (b' + b); [ring | ring | now apply cone_add_mixed].
    - right. split; [lra|]. assert (K : a * a' <= b * b' * s).
      { apply by_squares; [repeat apply Qmult_le_0_compat; lra|].
        setoid_replace (b * b' * s * (b * b' * s)) with ((b * b * s) * (b' * b' * s)) by ring.
        setoid_replace (a * a' * (a * a')) with ((a * a) * (a' * a')) by ring.
        apply Qmult_le_compat_nonneg; split; trivial; nra. }
      lra.
  Qed.

  Let norm a b a' b' : (a * a' + b * b' * s) * (a * a' + b * b' * s) - (a * b' + a' * b) * (a * b' + a' * b) * s ==
    (a * a - b * b * s) * (a' * a' - b' * b' * s).
  Proof. ring. Qed.

  Lemma cone_mul_mixed a b a' b' : 0 <= a -> b * b * s <= a * a -> 0 <= b' -> a' * a' <= b' * b' * s ->
    cone s (a * a' + b * b' * s) (a * b' + a' * b).
  Proof.
    intros A B A' B'. right. split.
    - assert (K : - (a' * b) <= a * b').
      { apply by_squares; [now apply Qmult_le_0_compat|].
        destruct (Qlt_le_dec (a * b' * (a * b')) (- (a' * b) * - (a' * b))) as [L|L]; [exfalso|exact L].
        assert (L' : (a * b') * (a * b') * s < (a' * b) * (a' * b) * s) by (apply Qmult_lt_compat_r; lra).
        assert (U : (a' * a') * (b * b * s) <= (b' * b' * s) * (a * a)) by (apply Qmult_le_compat_nonneg; split;
          trivial; nra).
        lra. }
      lra.
    - assert (P : 0 <= (a * a - b * b * s) * (b' * b' * s - a' * a')) by (apply Qmult_le_0_compat; lra).
      assert (E := norm a b a' b'). lra.
  Qed.

  Lemma cone_mul a b a' b' : cone s a b -> cone s a' b' -> cone s (a * a' + b * b' * s) (a * b' + a' * b).
  Proof.
    intros [[A B]|[A B]] [[A' B']|[A' B']].
    - left. split.
      + assert (K : - (b * b' * s) <= a * a').
        { apply by_squares; [now apply Qmult_le_0_compat|].
          setoid_replace (- (b * b' * s) * - (b * b' * s)) with ((b * b * s) * (b' * b' * s)) by ring.
          setoid_replace (a * a' * (a * a')) with ((a * a) * (a' * a')) by ring.
          apply Qmult_le_compat_nonneg; split; trivial. }
        lra.
      + assert (P : 0 <= (a * a - b * b * s) * (a' * a' - b' * b' * s)) by (apply Qmult_le_0_compat; lra).
        assert (E := norm a b a' b'). lra.
    - now apply cone_mul_mixed.
    - apply cone_ext with (a' * a + b' * b * s) (a' * b + a * b'); [ring | ring | now apply cone_mul_mixed].
    - left. split.
      + assert (K : - (a * a') <= b * b' * s).
        { apply by_squares; [repeat apply Qmult_le_0_compat; lra|].
          setoid_replace (b * b' * s * (b * b' * s)) with ((b * b * s) * (b' * b' * s)) by ring.
          setoid_replace (- (a * a') * - (a * a')) with ((a * a) * (a' * a')) by ring.
          apply Qmult_le_compat_nonneg; split; trivial; nra. }
        lra.
      + assert (P : 0 <= (b * b * s - a * a) * (b' * b' * s - a' * a')) by (apply Qmult_le_0_compat; lra).
        assert (E := norm a b a' b'). lra.
  Qed.

  Lemma cone_dec a b : {cone s a b} + {~ cone s a b}.
  Proof.
    unfold cone. destruct (Qlt_le_dec a 0) as [A|A], (Qlt_le_dec b 0) as [B|B],
      (Qlt_le_dec (a * a) (b * b * s)) as [C|C]; try (right; lra); try (left; lra).
    destruct (Qlt_le_dec (b * b * s) (a * a)) as [D|D]; [right | left]; lra.
  Qed.

  Lemma cone_opp a b : ~ cone s a b -> cone s (- a) (- b).
  Proof.
    unfold cone. intros H. destruct (Qlt_le_dec (a * a) (b * b * s)) as [C|C].
    - right. destruct (Qlt_le_dec b 0); [lra | exfalso; apply H; right; lra].
    - left. destruct (Qlt_le_dec a 0); [lra | exfalso; apply H; left; lra].
  Qed.

  Hypothesis not_square : forall r, ~ r * r == s.

  Lemma norm_zero a b : a * a == b * b * s -> a == 0 /\ b == 0.
  Proof.
    intros H. destruct (Qeq_dec b 0) as [Z|Z].
    - split; [|exact Z]. rewrite Z in H. destruct (Qlt_le_dec a 0); nra.
    - exfalso. apply (not_square (a / b)). unfold Qdiv.
      setoid_replace (a * / b * (a * / b)) with (a * a * (/ b * / b)) by ring. rewrite H. field. exact Z.
  Qed.

  Lemma cone_antisym a b : cone s a b -> cone s (- a) (- b) -> a == 0 /\ b == 0.
  Proof.
    intros [[A B]|[A B]] [[A' B']|[A' B']]; apply norm_zero; try lra.
    - assert (a == 0) by lra. assert (a * a == 0) by nra. assert (K := sq_s b). lra.
    - assert (b == 0) by lra. assert (b * b * s == 0) by (rewrite H; ring). nra.
  Qed.
End Cone.

Section Pairs.
  Variable s : Q.
  Hypothesis s_pos : 0 < s.
  Hypothesis not_square : forall r, ~ r * r == s.
  Local Open Scope Qc_scope.
  Let sc : Qc := Q2Qc s.

  Let pair_eq (a b a' b' : Qc) : (this a == this a')%Q -> (this b == this b')%Q -> (a, b) = (a', b').
  Proof. intros H K. apply Qc_is_canon in H. apply Qc_is_canon in K. now subst. Qed.

  (** The pairs [a + b sqrt s] for a rational [s > 0] that is not a square. *)
  Definition pairs : domain.
  Proof.
    refine {| car := Qc * Qc; zero := (0, 0); one := (1, 0);
      add := fun x y => (fst x + fst y, snd x + snd y);
      sub := fun x y => (fst x - fst y, snd x - snd y);
      opp := fun x => (- fst x, - snd x);
      mul := fun x y => (fst x * fst y + snd x * snd y * sc, fst x * snd y + fst y * snd x);
      nonneg := fun x => cone s (this (fst x)) (this (snd x));
      inj := fun q => (Q2Qc q, 0) |}.
    - constructor; repeat intros [? ?]; cbn [fst snd]; f_equal; ring.
    - intros [a b] [a' b'] H K. cbn [fst snd] in *. apply cone_ext with (this a + this a')%Q (this b + this b')%Q.
      + symmetry. apply this_add.
      + symmetry. apply this_add.
      + now apply cone_add.
    - intros [a b] [a' b'] H K. cbn [fst snd] in *.
      change (cone s (this (a * a' + b * b' * sc)) (this (a * b' + a' * b))).
      apply cone_ext with (this a * this a' + this b * this b' * s)%Q (this a * this b' + this a' * this b)%Q.
      + rewrite this_add, !this_mul. unfold sc. now rewrite this_inj.
      + now rewrite this_add, !this_mul.
      + now apply cone_mul.
    - intros [a b]. cbn [fst snd]. now apply cone_dec.
    - intros [a b] H. cbn [fst snd] in *. apply cone_ext with (- this a)%Q (- this b)%Q.
      + symmetry. apply this_opp.
      + symmetry. apply this_opp.
      + now apply cone_opp.
    - intros [a b] H K. cbn [fst snd] in *. assert (Z : (this a == 0 /\ this b == 0)%Q).
      { apply cone_antisym with s; trivial. refine (cone_ext _ _ _ _ _ _ _ K); apply this_opp. }
      destruct Z. now apply pair_eq.
    - intros [a b] [a' b'] H. assert (E1 := f_equal fst H). assert (E2 := f_equal snd H).
      cbn [fst snd] in *.
      assert (N1 : (a * a - b * b * sc) * a' = 0).
      { transitivity (a * (a * a' + b * b' * sc) - b * sc * (a * b' + a' * b)); [ring|]. rewrite E1, E2. ring. }
      assert (N2 : (a * a - b * b * sc) * b' = 0).
      { transitivity (a * (a * b' + a' * b) - b * (a * a' + b * b' * sc)); [ring|]. rewrite E1, E2. ring. }
      destruct (Qcmult_integral _ _ N1) as [Z|Z]; [|destruct (Qcmult_integral _ _ N2) as [Z'|Z']].
      + left. assert (Y : a * a = b * b * sc) by (replace (a * a) with (a * a - b * b * sc + b * b * sc) by ring;
        rewrite Z; ring).
        destruct (norm_zero s not_square (this a) (this b)) as [X X'].
        * apply (f_equal this) in Y. rewrite <- this_mul, Y. rewrite !this_mul. unfold sc. now rewrite this_inj.
        * now apply pair_eq.
      + left. assert (Y : a * a = b * b * sc) by (replace (a * a) with (a * a - b * b * sc + b * b * sc) by ring;
        rewrite Z'; ring).
        destruct (norm_zero s not_square (this a) (this b)) as [X X'].
        * apply (f_equal this) in Y. rewrite <- this_mul, Y. rewrite !this_mul. unfold sc. now rewrite this_inj.
        * now apply pair_eq.
      + right. now subst.
    - intros p q H. now apply pair_eq; [rewrite !this_inj|].
    - reflexivity.
    - intros p q. cbn [fst snd]. apply pair_eq; [now rewrite this_add, !this_inj | reflexivity].
    - intros p q. cbn [fst snd]. apply pair_eq.
      + rewrite this_add, !this_mul, !this_inj. change (this 0) with 0%Q. ring.
      + rewrite this_add, !this_mul. change (this 0) with 0%Q. ring.
    - intros p. cbn [fst snd]. unfold cone. change (this 0) with 0%Q. rewrite this_inj. split; intros H.
      + left. split; [exact H|]. nra.
      + destruct H as [[H _]|[_ H]]; [exact H|]. destruct (Qlt_le_dec p 0); [|assumption]. nra.
  Defined.

  Lemma pairs_root : {c : pairs | (0 <= c)%F /\ (c * c)%F = inj s}.
  Proof.
    exists (0, 1). split.
    - apply le_of. cbn. right. change (this 0) with 0%Q. change (this 1) with 1%Q. split; [discriminate | lra].
    - apply pair_eq.
      + cbn [fst snd]. rewrite this_add, !this_mul. change (this 0) with 0%Q. change (this 1) with 1%Q. unfold sc. ring.
      + cbn [fst snd]. rewrite this_add, !this_mul. change (this 0) with 0%Q. change (this 1) with 1%Q. ring.
  Qed.
End Pairs.

(** An integer that is not a square is not the square of a fraction, by descent on the denominator. *)
Lemma descent (n r : Z) : (r * r < n < (r + 1) * (r + 1))%Z -> (0 <= r)%Z ->
  forall q p : Z, (0 < q)%Z -> (0 <= p)%Z -> (p * p = n * (q * q))%Z -> False.
Proof.
  intros H R q. induction (Z.lt_wf 0 q) as [q _ IH]. intros p Q P E.
  assert (L : (r * q < p)%Z) by nia. assert (U : (p < (r + 1) * q)%Z) by nia.
  apply (IH (p - r * q)%Z) with (n * q - r * p)%Z; [lia | lia | nia | nia].
Qed.

Lemma square_or_not (s : Q) : 0 <= s -> {r : Q | 0 <= r /\ r * r == s} + {forall r, ~ r * r == s}.
Proof.
  intros H. destruct s as [a b]. set (n := (a * Zpos b)%Z). set (r := Z.sqrt n).
  assert (A : (0 <= a)%Z) by (unfold Qle in H; cbn in H; lia).
  assert (N0 : (0 <= n)%Z) by (unfold n; lia).
  destruct (Z.sqrt_spec n N0) as [S1 S2]. assert (R0 := Z.sqrt_nonneg n). fold r in S1, S2, R0.
  destruct (Z.eq_dec (r * r) n) as [E|E].
  - left. exists (r # b). split; [unfold Qle; cbn; lia|]. unfold Qeq, Qmult. cbn. unfold n in E. nia.
  - right. intros [u v] Hu. unfold Qeq, Qmult in Hu. cbn in Hu.
    apply (descent n r ltac:(lia) R0 (Zpos v) (Z.abs u * Zpos b)%Z); [lia | lia|].
    unfold n. assert (Z.abs u * Z.abs u = u * u)%Z by lia. nia.
Qed.

Theorem root_exists (s : Q) : 0 <= s -> {F : domain & {c : F | (0 <= c)%F /\ (c * c)%F = inj s}}.
Proof.
  intros H. destruct (square_or_not s H) as [[r [R E]]|E].
  - exists rationals, (Q2Qc r). split; [apply le_of; change (0 <= this (Q2Qc r)); now rewrite this_inj|].
    change (Q2Qc r * Q2Qc r = Q2Qc s)%Qc. apply Qc_is_canon. now rewrite this_mul, !this_inj.
  - assert (P : 0 < s) by (destruct (Qlt_le_dec 0 s) as [K|K]; [exact K|]; exfalso; apply (E 0); lra).
    exact (existT _ (pairs s P E) (pairs_root s P E)).
Qed.
