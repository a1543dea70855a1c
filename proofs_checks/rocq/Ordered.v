(** Ordered domains that contain the rational numbers: every ordered field is one. No square roots are assumed. *)
From Coq Require Import QArith Ring Setoid.

Record domain := {
  car :> Type;
  zero : car; one : car;
  add : car -> car -> car; mul : car -> car -> car; sub : car -> car -> car; opp : car -> car;
  domain_ring : ring_theory zero one add mul sub opp eq;
  nonneg : car -> Prop;
  nonneg_add : forall x y, nonneg x -> nonneg y -> nonneg (add x y);
  nonneg_mul : forall x y, nonneg x -> nonneg y -> nonneg (mul x y);
  nonneg_dec : forall x, {nonneg x} + {~ nonneg x};
  nonneg_opp : forall x, ~ nonneg x -> nonneg (opp x);
  nonneg_antisym : forall x, nonneg x -> nonneg (opp x) -> x = zero;
  integral : forall x y, mul x y = zero -> x = zero \/ y = zero;
  inj : Q -> car;
  inj_eq : forall p q, p == q -> inj p = inj q;
  inj_one : inj 1 = one;
  inj_add : forall p q, inj (p + q) = add (inj p) (inj q);
  inj_mul : forall p q, inj (p * q) = mul (inj p) (inj q);
  inj_nonneg : forall p, 0 <= p <-> nonneg (inj p)
}.

Arguments zero {_}. Arguments one {_}. Arguments add {_}. Arguments mul {_}. Arguments sub {_}. Arguments opp {_}.
Arguments nonneg {_}. Arguments inj {_}.

Declare Scope F_scope.
Delimit Scope F_scope with F.
Notation "0" := zero : F_scope.
Notation "1" := one : F_scope.
Infix "+" := add : F_scope.
Infix "*" := mul : F_scope.
Infix "-" := sub : F_scope.
Notation "- x" := (opp x) : F_scope.
Definition le {F : domain} (x y : F) : Prop := nonneg (y - x)%F.
Definition lt {F : domain} (x y : F) : Prop := ~ le y x.
Infix "<=" := le : F_scope.
Infix "<" := lt : F_scope.
Definition abs {F : domain} (x : F) : F := if nonneg_dec F x then x else opp x.

(** One domain within another. *)
Record embedding (F H : domain) := {
  embed :> F -> H;
  embed_add : forall x y, embed (x + y)%F = (embed x + embed y)%F;
  embed_mul : forall x y, embed (x * y)%F = (embed x * embed y)%F;
  embed_sub : forall x y, embed (x - y)%F = (embed x - embed y)%F;
  embed_inj : forall q, embed (inj q) = inj q;
  embed_nonneg : forall x, nonneg x <-> nonneg (embed x)
}.

Section Facts.
  Local Open Scope F_scope.
  Variable F : domain.
  Implicit Types x y z : F.
  Add Ring Fring : (domain_ring F).


  Lemma le_by x y e : y - x = e -> 0 <= e -> x <= y.
  Proof. unfold le. intros H He. rewrite H. now replace (e - 0) with e in He by ring. Qed.

  Lemma nonneg_le x : nonneg x <-> 0 <= x.
  Proof. unfold le. now replace (x - 0) with x by ring. Qed.

  Lemma le_of x : nonneg x -> 0 <= x.
  Proof. intros H. now rewrite <- nonneg_le. Qed.

  Lemma of_le x : 0 <= x -> nonneg x.
  Proof. intros H. now rewrite nonneg_le. Qed.

  Lemma le_sub x y : x <= y -> 0 <= y - x.
  Proof. intros H. apply le_of. exact H. Qed.

  Lemma add_nonneg x y : 0 <= x -> 0 <= y -> 0 <= x + y.
  Proof. rewrite <- !nonneg_le. apply nonneg_add. Qed.

  Lemma mul_nonneg x y : 0 <= x -> 0 <= y -> 0 <= x * y.
  Proof. rewrite <- !nonneg_le. apply nonneg_mul. Qed.

  Lemma le_dec x y : {x <= y} + {y < x}.
  Proof. unfold lt, le. apply nonneg_dec. Qed.

  Lemma lt_le x y : x < y -> x <= y.
  Proof.
    unfold lt, le. intros H. apply nonneg_opp in H.
    now replace (- (x - y)) with (y - x) in H by ring.
  Qed.

  Lemma le_total x y : {x <= y} + {y <= x}.
  Proof. destruct (le_dec x y) as [H|H]; [now left|right; now apply lt_le]. Qed.

  Lemma le_antisym x y : x <= y -> y <= x -> x = y.
  Proof.
    unfold le. intros H K. assert (E : y - x = 0).
    { apply nonneg_antisym; [exact H|]. now replace (- (y - x)) with (x - y) by ring. }
    replace y with (x + (y - x)) by ring. rewrite E. ring.
  Qed.

  Lemma le_refl x : x <= x.
  Proof. destruct (le_total x x); assumption. Qed.

  Lemma le_trans x y z : x <= y -> y <= z -> x <= z.
  Proof.
    intros H K. apply le_by with ((y - x) + (z - y)); [ring|].
    apply add_nonneg; now apply le_sub.
  Qed.

  Lemma square_nonneg x : 0 <= x * x.
  Proof.
    destruct (nonneg_dec F x) as [H|H].
    - apply le_of. now apply nonneg_mul.
    - apply nonneg_opp in H. apply le_of.
      replace (x * x) with (- x * - x) by ring. now apply nonneg_mul.
  Qed.

  Lemma square_zero x : x * x <= 0 -> x = 0.
  Proof.
    intros H. assert (E : x * x = 0) by (apply le_antisym; [exact H | apply square_nonneg]).
    now destruct (integral F x x E).
  Qed.

  Lemma add_le x y z t : x <= y -> z <= t -> x + z <= y + t.
  Proof.
    intros H K. apply le_by with ((y - x) + (t - z)); [ring|].
    apply add_nonneg; now apply le_sub.
  Qed.

  Lemma mul_le x y z : 0 <= z -> x <= y -> z * x <= z * y.
  Proof.
    intros H K. apply le_by with (z * (y - x)); [ring|].
    apply mul_nonneg; [exact H | now apply le_sub].
  Qed.

  (** A positive factor can be cancelled. *)
  Lemma cancel x y : 0 < x -> x * y <= 0 -> y <= 0.
  Proof.
    intros H K. destruct (le_dec y 0) as [L|L]; [exact L|]. exfalso.
    assert (E : x * y = 0).
    { apply le_antisym; [exact K|]. apply mul_nonneg; now apply lt_le. }
    destruct (integral F _ _ E); subst; [now apply H, le_refl | now apply L, le_refl].
  Qed.

  Lemma cancel_le x y z : 0 < x -> x * y <= x * z -> y <= z.
  Proof.
    intros H K. apply le_by with (- (y - z)); [ring|].
    assert (L : y - z <= 0).
    { apply cancel with x; [exact H|]. apply le_by with (x * z - x * y); [ring | now apply le_sub]. }
    apply le_sub in L. now replace (- (y - z)) with (0 - (y - z)) by ring.
  Qed.

  Lemma cancel_eq x y z : 0 < x -> x * y = x * z -> y = z.
  Proof. intros H E. apply le_antisym; apply cancel_le with x; trivial; rewrite E; apply le_refl. Qed.

  (** Comparing squares is comparing the numbers. *)
  Lemma square_le x y : 0 <= y -> x * x <= y * y -> x <= y.
  Proof.
    intros H K. destruct (le_dec x y) as [L|L]; [exact L|]. exfalso.
    assert (P : 0 < x + y).
    { intros M. apply L. apply le_trans with 0; [|exact H].
      apply le_by with (0 - (x + y) + y); [ring|]. apply add_nonneg; [now apply le_sub | exact H]. }
    apply L. apply cancel_le with (x + y); [exact P|].
    apply le_by with (y * y - x * x); [ring | now apply le_sub].
  Qed.

  (** [|x| <= y] through squares. *)
  Lemma square_bound x y : x <= y -> - x <= y -> x * x <= y * y.
  Proof.
    intros H K. apply le_by with ((y - x) * (y - - x)); [ring|]. apply mul_nonneg; now apply le_sub.
  Qed.

  Lemma abs_nonneg x : 0 <= abs x.
  Proof.
    unfold abs. destruct (nonneg_dec F x) as [H|H]; apply le_of; [exact H | now apply nonneg_opp].
  Qed.

  Lemma abs_le x : x <= abs x.
  Proof.
    unfold abs. destruct (nonneg_dec F x) as [H|H]; [apply le_refl|].
    apply nonneg_opp in H. apply le_of in H. apply le_by with (- x + - x); [ring | now apply add_nonneg].
  Qed.

  Lemma abs_of_nonneg x : 0 <= x -> abs x = x.
  Proof. unfold abs. intros H. apply of_le in H. now destruct (nonneg_dec F x). Qed.

  Lemma abs_zero x : abs x <= 0 -> x = 0.
  Proof.
    unfold abs. destruct (nonneg_dec F x) as [H|H]; intros K.
    - apply le_antisym; [exact K | now apply le_of].
    - apply nonneg_opp in H. apply le_of in H.
      assert (E : - x = 0) by now apply le_antisym.
      replace x with (- - x) by ring. rewrite E. ring.
  Qed.

  (** The rational numbers in the domain. *)
  Lemma inj_zero : inj 0%Q = (0 : F).
  Proof.
    assert (H : inj 0%Q = inj 0%Q + inj 0%Q :> F).
    { rewrite <- inj_add. now apply inj_eq. }
    assert (E : forall a : F, a = a + a -> a = 0).
    { intros a J. replace a with (a + a - a) by ring. rewrite <- J. ring. }
    now apply E.
  Qed.

  Lemma inj_opp p : inj (- p)%Q = - inj p :> F.
  Proof.
    assert (H : inj (- p)%Q + inj p = 0 :> F).
    { rewrite <- inj_add, <- inj_zero. apply inj_eq. ring. }
    replace (inj (- p)%Q : F) with (inj (- p)%Q + inj p - inj p : F) by ring. rewrite H. ring.
  Qed.

  Lemma inj_sub p q : inj (p - q)%Q = inj p - inj q :> F.
  Proof. unfold Qminus. rewrite inj_add, inj_opp. ring. Qed.

  Lemma inj_le p q : (p <= q)%Q <-> inj p <= (inj q : F).
  Proof.
    unfold le. rewrite <- inj_sub, <- inj_nonneg. split; intros H.
    - now apply Qle_minus_iff in H.
    - now apply Qle_minus_iff.
  Qed.

  Lemma inj_lt p q : (p < q)%Q <-> inj p < (inj q : F).
  Proof.
    unfold lt. rewrite <- inj_le. split; intros H.
    - now apply Qlt_not_le.
    - now apply Qnot_le_lt.
  Qed.

  Lemma inj_inv p q : inj p = inj q :> F -> p == q.
  Proof. intros H. apply Qle_antisym; apply inj_le; rewrite H; apply le_refl. Qed.
End Facts.
