(** Powers of 2 and 10, rational roots rounded up, and lists as tables. *)
From Coq Require Import QArith Qround ZArith List Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Heights Class.
Import ListNotations.

Lemma two_minus_pos n : 0 < two_minus n.
Proof. reflexivity. Qed.

Lemma ten_minus_pos n : 0 < ten_minus n.
Proof. reflexivity. Qed.

Lemma pow_le b n n' : (n <= n')%nat -> (pow b n <= pow b n')%positive.
Proof. induction 1; [reflexivity|]. cbn [pow]. nia. Qed.

Lemma two_minus_le n n' : (n <= n')%nat -> two_minus n' <= two_minus n.
Proof. intros H. unfold two_minus, Qle. cbn. apply (pow_le 2) in H. lia. Qed.

Lemma pow2_large n : (Z.of_nat n < Zpos (pow 2 n))%Z.
Proof. induction n as [|n IH]; [reflexivity|]. cbn [pow]. lia. Qed.

Lemma pow_succ b n : pow b (S n) = (b * pow b n)%positive.
Proof. reflexivity. Qed.

Lemma ten_minus_succ n : ten_minus (S n) == ten_minus n / 10.
Proof. unfold ten_minus. rewrite pow_succ. unfold Qeq, Qdiv, Qmult, Qinv. cbn. lia. Qed.

(** Every positive rational is above some [2^-n]. *)
Lemma archimedes q : 0 < q -> exists n, two_minus n < q.
Proof.
  intros H. destruct q as [a b]. exists (Pos.to_nat b). unfold two_minus, Qlt in *. cbn in *.
  assert (L := pow2_large (Pos.to_nat b)). rewrite positive_nat_Z in L. nia.
Qed.

Section RootAbove.
  Variables (n : nat) (s : Q).
  Hypothesis s_nonneg : 0 <= s.
  Let P := pow 2 n.
  Let X := Qfloor (s * (inject_Z (Zpos P) * inject_Z (Zpos P))).
  Let r := Z.sqrt X.

  Let X_nonneg : (0 <= X)%Z.
  Proof.
    unfold X. change 0%Z with (Qfloor 0). apply Qfloor_resp_le.
    apply Qmult_le_0_compat; [exact s_nonneg|]. unfold Qle, Qmult, inject_Z. cbn. lia.
  Qed.

  Let scaled (z : Z) : z # P == inject_Z z * (1 # P).
  Proof. unfold Qeq, Qmult, inject_Z. cbn. lia. Qed.

  Let P_inv : inject_Z (Zpos P) * (1 # P) == 1.
  Proof. unfold Qeq, Qmult, inject_Z. cbn. lia. Qed.

  Lemma root_above_spec : s <= root_above n s * root_above n s /\ two_minus n <= root_above n s /\
    (root_above n s - two_minus n) * (root_above n s - two_minus n) <= s.
  Proof.
    unfold root_above. fold P. fold X. fold r. unfold two_minus. fold P.
    destruct (Z.sqrt_spec X X_nonneg) as [Sa Sb]. change (Z.sqrt X) with r in Sa, Sb. assert (R := Z.sqrt_nonneg X).
    fold r in R.
    assert (U := Qlt_floor (s * (inject_Z (Zpos P) * inject_Z (Zpos P)))). fold X in U.
    assert (L := Qfloor_le (s * (inject_Z (Zpos P) * inject_Z (Zpos P)))). fold X in L.
    assert (U' : inject_Z (X + 1) <= inject_Z ((r + 1) * (r + 1))) by (rewrite <- Zle_Qle; lia).
    assert (L' : inject_Z (r * r) <= inject_Z X) by (rewrite <- Zle_Qle; lia).
    rewrite inject_Z_mult in U', L'. rewrite (scaled (r + 1)).
    set (e := 1 # P) in *. assert (E : 0 < e) by reflexivity.
    set (u := inject_Z (r + 1)) in *. assert (Hu : u == inject_Z r + 1) by (unfold u; now rewrite inject_Z_plus).
    assert (R' : 0 <= inject_Z r) by (change 0 with (inject_Z 0); now rewrite <- Zle_Qle).
    set (v := inject_Z r) in *. set (w := inject_Z (Zpos P)) in *. set (sw := s * (w * w)) in *.
    assert (Es : sw * (e * e) == s).
    { unfold sw. setoid_replace (s * (w * w) * (e * e)) with (s * ((w * e) * (w * e))) by ring. rewrite P_inv. ring. }
    assert (E2 : 0 < e * e) by reflexivity. split; [|split].
    - rewrite <- Es. setoid_replace (u * e * (u * e)) with (u * u * (e * e)) by ring.
      apply Qmult_le_compat_r; [lra|lra].
    - rewrite Hu. assert (0 <= v * e) by (apply Qmult_le_0_compat; lra). lra.
    - rewrite <- Es. setoid_replace (u * e - e) with (v * e) by (rewrite Hu; ring).
      setoid_replace (v * e * (v * e)) with (v * v * (e * e)) by ring. apply Qmult_le_compat_r; lra.
  Qed.
End RootAbove.

Lemma nth_table {X} n (f : nat -> X) i z : (i < n)%nat -> nth i (table n f) z = f i.
Proof.
  intros H. unfold table. rewrite (nth_indep _ z (f O)) by (now rewrite map_length, seq_length).
  rewrite map_nth, seq_nth by exact H. reflexivity.
Qed.

Lemma entry_table n k (f : nat -> nat -> Q) i j : (i < n)%nat -> (j < k)%nat ->
  entry (table n (fun l => table k (f l))) i j = f i j.
Proof. intros Hi Hj. unfold entry. rewrite (nth_table n) by exact Hi. now apply nth_table. Qed.

Lemma entry_map (l : list Q) (f : Q -> list Q) r j z : (r < length l)%nat -> entry (map f l) r j = nth j (f (nth r l
  z)) 0.
Proof.
  intros H. unfold entry. rewrite (nth_indep _ [] (f z)) by (now rewrite map_length). now rewrite map_nth.
Qed.

Lemma qsum_nonneg n (f : nat -> Q) : (forall i, 0 <= f i) -> 0 <= qsum n f.
Proof. intros H. induction n as [|n IH]; cbn [qsum]; [lra|]. specialize (H n). lra. Qed.
