(** What can be reached: an algorithm with one digit less, and strategies that guess or wait. *)
From Coq Require Import QArith ZArith List Arith Lia Lqa Ring.
From SciBarriers Require Import Ordered Sums Problems Heights Model Impossible Counting Class Precision Data Families
  Barrier.
Import ListNotations.

Section Reach.
  Variables d k : nat.
  Variable p : problem.
  Variable etas : list Q.
  Variable G : domain.
  Notation m := (rows k).
  Notation N := (columns d k).
  Notation R := (length etas).
  Notation eta := (eta etas).
  Notation net := (network G).

  (** The network whose value at [eta e_1] is the height of the tie in column [i]. *)
  Definition vertex (f : family) (i : nat) : net := fun s => unit i (inj (height p (hd 1%Q s) (base f))).

  Lemma hd_sample r : hd 1%Q (sample k etas r) = eta r.
  Proof. reflexivity. Qed.

  Section Family.
    Variable f : family.
    Hypothesis ok : admissible_class d p etas f.
    Notation e := (ten_minus (digits f)).

    Lemma vertex_member x i q : is_member d f i q x -> right d k p etas G (digits f) x (vertex f i).
    Proof.
      intros M r Hr. apply (right_member d k p etas f ok G x i q); trivial. unfold vertex. rewrite hd_sample.
      rewrite nsq_unit_minus by (unfold columns; destruct M; lia). rewrite <- inj_sub, <- inj_mul. apply inj_le.
      destruct M as [Hi [Hq _]]. destruct (heights_between d p etas f ok r q Hr Hq) as [L U].
      destruct ok as [_ [_ Ok]]. destruct (Ok r Hr) as [_ [_ [_ [D _]]]]. cbv beta zeta in *.
      set (u := height p (eta r) (base f)) in *. set (v := height p (eta r) (peak f q)) in *.
      set (w := height p (eta r) (peak f (start f))) in *. clearbody u v w. clear - L U D. nra.
    Qed.

    (** Each vertex is a minimiser of the tie. *)
    Lemma tie_minimiser x i r : is_tie d f x -> (i < d)%nat -> (r < R)%nat -> minimiser p m N (A d x) (y d etas x r)
      (fun j => inj (if (j =? i)%nat then height p (eta r) (base f) else 0%Q)).
    Proof.
      intros E Hi Hr. assert (B := base_pos d p etas f ok). apply (input_minimisers d k p etas x r (base f)).
      - apply (admissible_more d p etas f ok); [exact Hr | lra].
      - exists i. split; [exact Hi | now rewrite (E i Hi)].
      - intros j Hj. rewrite (E j Hj). unfold tie_row. lra.
      - assert (H0 : 0 <= height p (eta r) (base f)).
        { apply height_nonneg, (admissible_more d p etas f ok); [exact Hr | lra]. }
        destruct (vertex_in_simplex d k x i (base f) (height p (eta r) (base f)) Hi ltac:(now rewrite (E i Hi)) H0)
          as [S1 [S2 [S3 S4]]].
        assert (U : forall j, inj (if (j =? i)%nat then height p (eta r) (base f) else 0%Q) =
          unit i (inj (height p (eta r) (base f))) j :> x).
        { intros j. unfold unit. destruct (j =? i)%nat; [reflexivity | apply inj_zero]. }
        split; [|split; [|split]].
        + intros j Hj X. rewrite U. now apply S1.
        + intros j Hj X. rewrite U. now apply S2.
        + intros l Hl. rewrite U. now apply S3.
        + rewrite <- S4. apply sum_ext. intros j _. apply U.
    Qed.

    Lemma vertex_tie x i T : is_tie d f x -> (i < d)%nat -> right d k p etas G T x (vertex f i).
    Proof.
      intros E Hi r Hr. left. exists (fun j => if (j =? i)%nat then height p (eta r) (base f) else 0%Q).
      split; [now apply tie_minimiser|].
      unfold nsq. rewrite (sum_zero G).
      - rewrite <- inj_zero. apply inj_le. unfold ten_minus. discriminate.
      - intros j Hj. unfold minus, vertex. rewrite hd_sample. unfold unit.
        destruct (j =? i)%nat; [|rewrite inj_zero].
        + rewrite <- inj_sub, <- inj_mul, <- inj_zero. apply inj_eq. ring.
        + rewrite <- inj_zero, <- inj_sub, <- inj_mul. apply inj_eq. ring.
    Qed.

    (** Any vertex has one digit less on all of the family, by (iii). *)
    Lemma vertex_coarse x i T : digits f = S T -> with_tie d f x -> (i < d)%nat -> right d k p etas G T x (vertex f i).
    Proof.
      intros HT [E|[j [q M]]] Hi; [now apply vertex_tie|]. intros r Hr.
      apply (right_member d k p etas f ok G x j q); trivial. unfold vertex. rewrite hd_sample.
      destruct (heights_between d p etas f ok r q Hr ltac:(apply M)) as [_ U].
      assert (Z := height_positive d p etas f ok r q Hr). destruct M as [Hj _].
      destruct ok as [_ [_ Ok]]. destruct (Ok r Hr) as [_ [_ [_ [_ D]]]]. cbv beta zeta in *.
      rewrite HT, ten_minus_succ in D.
      assert (D' : 2 * (height p (eta r) (base f) * height p (eta r) (base f)) <= ten_minus T * ten_minus T).
      { eapply Qle_trans; [exact D|]. apply Qeq_weaken || apply Qle_lteq; right. field. }
      destruct (Nat.eq_dec i j) as [->|Ne].
      - rewrite nsq_unit_minus by (unfold columns; lia). rewrite <- inj_sub, <- inj_mul. apply inj_le.
        set (u := height p (eta r) (base f)) in *. set (v := height p (eta r) (peak f q)) in *.
        set (w := ten_minus T) in *. clearbody u v w. clear - U Z D'. nra.
      - rewrite nsq_units by (trivial; unfold columns; lia). rewrite <- !inj_mul, <- inj_add. apply inj_le.
        set (u := height p (eta r) (base f)) in *. set (v := height p (eta r) (peak f q)) in *.
        set (w := ten_minus T) in *. clearbody u v w. clear - U Z D'. nra.
    Qed.
  End Family.

  Section Entry.
    Variable x : input d.
    Add Ring Fring : (domain_ring (domain_of d x)).

    (** An entry of the data is within [2^-n] of that of the matrix, in squares. *)
    Lemma near_square n M i j : near_matrix d k x n M -> (i < m)%nat -> (j < N)%nat ->
      ((inj (entry M i j) - A d x i j) * (inj (entry M i j) - A d x i j) <= (inj (two_minus n * two_minus n)%Q : x))%F.
    Proof.
      intros H Hi Hj. specialize (H (unit j 1%F)).
      assert (One : nsq N (unit j 1%F : vec x) = 1%F).
      { unfold nsq. rewrite (sum_single x N j); [| exact Hj |]; unfold unit.
        - rewrite Nat.eqb_refl. ring.
        - intros l Hl D. apply Nat.eqb_neq in D. rewrite D. ring. }
      rewrite One in H.
      replace (inj (two_minus n * two_minus n)%Q * 1)%F with (inj (two_minus n * two_minus n)%Q : x) in H by ring.
      eapply le_trans; [|exact H]. set (D := (fun l j0 => inj (entry M l j0) - A d x l j0)%F).
      assert (E : sum N (fun j0 => D i j0 * unit j 1 j0)%F = D i j).
      { rewrite (sum_single x N j); [| exact Hj |].
        - unfold unit. rewrite Nat.eqb_refl. ring.
        - intros l Hl Ne. unfold unit. apply Nat.eqb_neq in Ne. rewrite Ne. ring. }
      change (D i j * D i j <= nsq m (fun l => sum N (fun j0 => D l j0 * unit j 1 j0)))%F. rewrite <- E.
      exact (nsq_entry x m (fun l => sum N (fun j0 => D l j0 * unit j 1 j0)%F) i Hi).
    Qed.

    (** So is one of the first row, which is rational. *)
    Lemma near_entry n M j : near_matrix d k x n M -> (j < d)%nat ->
      entry M 0 j - two_minus n <= row d x j <= entry M 0 j + two_minus n.
    Proof.
      intros H Hj. assert (S := near_square n M 0 j H ltac:(unfold rows; lia) ltac:(unfold columns; lia)).
      unfold A, block in S. replace (j <? d)%nat with true in S by (symmetry; now apply Nat.ltb_lt).
      rewrite <- inj_sub, <- inj_mul in S.
      apply inj_le in S. set (u := entry M 0 j) in *. set (v := row d x j) in *. set (w := two_minus n) in *.
      assert (W : 0 < w) by apply two_minus_pos. clearbody u v w. clear - S W. split.
      - destruct (Qlt_le_dec v (u - w)); [exfalso; nra | assumption].
      - destruct (Qlt_le_dec (u + w) v); [exfalso; nra | assumption].
    Qed.
  End Entry.

  (** An algorithm that reads precisions [n0], [n0 + 1], ... and decides from the last datum alone. *)
  Definition by_last (n0 : nat) (decide : nat -> datum -> option net) : algorithm nat datum net := fun t =>
    match t with
    | [] => Read n0
    | (n, D) :: _ => match decide n D with Some z => Answer z | None => Read (S n) end
    end.

  Lemma by_last_halts n0 decide o K : decide (n0 + K)%nat (o (n0 + K)%nat) <> None ->
    exists l z t, halts (by_last n0 decide) o z t /\ decide (n0 + l)%nat (o (n0 + l)%nat) = Some z.
  Proof.
    intros H. set (g := by_last n0 decide).
    assert (P : forall l, (exists l' z t, halts g o z t /\ decide (n0 + l')%nat (o (n0 + l')%nat) = Some z) \/
      exists t, after g o (S l) = ((n0 + l)%nat, o (n0 + l)%nat) :: t).
    { induction l as [|l [IH|[t IH]]].
      - right. exists []. rewrite Nat.add_0_r. reflexivity.
      - now left.
      - destruct (decide (n0 + l)%nat (o (n0 + l)%nat)) as [z|] eqn:E.
        + left. exists l, z, (after g o (S l)). split; [|exact E]. exists (S l). split; [reflexivity|].
          rewrite IH. unfold g, by_last. now rewrite E.
        + right. exists (after g o (S l)). change (after g o (S (S l))) with
            (let t := after g o (S l) in match g t with Read q => (q, o q) :: t | Answer _ => t end).
          cbv zeta. rewrite IH at 1. unfold g at 1. unfold by_last. rewrite E.
          replace (n0 + S l)%nat with (S (n0 + l)) by lia. reflexivity. }
    destruct (P K) as [P'|[t E]]; [exact P'|]. destruct (decide (n0 + K)%nat (o (n0 + K)%nat)) as [z|] eqn:D; [|easy].
    exists K, z, (after g o (S K)). split; [|exact D]. exists (S K). split; [reflexivity|].
    rewrite E. unfold g, by_last. now rewrite D.
  Qed.

  (** The first column whose entry is certainly larger than the base. *)
  Definition winner (f : family) (n : nat) (D : datum) : option nat :=
    find (fun j => negb (Qle_bool (entry (matrix_n D) 0 j) (base f + two_minus n))) (seq 0 d).
  Definition wait (f : family) (n : nat) (D : datum) : option net := option_map (vertex f) (winner f n D).

  Section Waiting.
    Variable f : family.
    Hypothesis ok : admissible_class d p etas f.
    Variable x : input d.
    Variables i q : nat.
    Hypothesis M : is_member d f i q x.

    Lemma winner_right n D j : near_matrix d k x n (matrix_n D) -> winner f n D = Some j -> j = i.
    Proof.
      unfold winner. intros H W. apply find_some in W. destruct W as [W1 W2]. apply in_seq in W1.
      apply negb_true_iff in W2. assert (L : base f + two_minus n < entry (matrix_n D) 0 j).
      { destruct (Qlt_le_dec (base f + two_minus n) (entry (matrix_n D) 0 j)) as [L|L]; [exact L|].
        apply Qle_bool_iff in L. congruence. }
      destruct (near_entry x n _ j H ltac:(lia)) as [B _]. destruct M as [_ [_ E]].
      rewrite (E j ltac:(lia)) in B. unfold member_row in B. destruct (Nat.eqb_spec j i); [assumption | lra].
    Qed.

    Lemma winner_found n D : near_matrix d k x n (matrix_n D) -> 2 * two_minus n < delta f q -> winner f n D <> None.
    Proof.
      intros H L W. assert (Hi := proj1 M). unfold winner in W.
      apply find_none with (x := i) in W; [|apply in_seq; lia].
      apply negb_false_iff, Qle_bool_iff in W. destruct (near_entry x n _ i H Hi) as [_ B]. destruct M as [_ [_ E]].
      rewrite (E i Hi) in B. unfold member_row in B. rewrite Nat.eqb_refl in B. lra.
    Qed.
  End Waiting.

  Lemma wait_solves f : admissible_class d p etas f -> forall n0,
    solves (near d k) (right d k p etas G (digits f)) (members d f) (by_last n0 (wait f)).
  Proof.
    intros ok n0 x [i [q M]] o H. destruct (archimedes (delta f q / 2)) as [n1 L].
    { assert (P := delta_pos f q). apply Qlt_shift_div_l; lra. }
    assert (L' : 2 * two_minus (n0 + n1) < delta f q).
    { assert (B := two_minus_le n1 (n0 + n1) ltac:(lia)). apply Qlt_le_trans with (2 * (delta f q / 2)); [lra|].
      setoid_replace (2 * (delta f q / 2)) with (delta f q) by field. apply Qle_refl. }
    destruct (by_last_halts n0 (wait f) o n1) as [l [z [t [Ht Z]]]].
    { unfold wait. assert (W := winner_found f x i q M _ _ (H (n0 + n1)%nat) L').
      destruct (winner f (n0 + n1) (o (n0 + n1)%nat)); [discriminate | easy]. }
    exists z, t. split; [exact Ht|]. unfold wait in Z.
    destruct (winner f (n0 + l) (o (n0 + l)%nat)) as [j|] eqn:W; [|discriminate].
    inversion Z. subst z. rewrite (winner_right f x i q M _ _ j (H (n0 + l)%nat) W).
    now apply (vertex_member f ok x i q).
  Qed.

  (** Both families: which one is known from one datum. *)
  Variables s w : family.
  Hypothesis ok_s : admissible_class d p etas s.
  Hypothesis ok_w : admissible_class d p etas w.
  Hypothesis smaller : base w < base s.
  Hypothesis one_less : digits s = S (digits w).
  Definition middle : Q := (base s + base w) / 2.

  Definition decide (n : nat) (D : datum) : option net :=
    if Qle_bool middle (entry (matrix_n D) 0 0) && Qle_bool middle (entry (matrix_n D) 0 1)
    then Some (vertex s 0) else wait w n D.
  Definition both (x : input d) : Prop := with_tie d s x \/ members d w x.

  Theorem one_digit_less n0 : 2 * two_minus n0 < base s - base w ->
    solves (near d k) (right d k p etas G (digits w)) both (by_last n0 decide).
  Proof.
    intros Hn0 x C o H. assert (D2 : (2 <= d)%nat) by apply ok_s.
    assert (Mid : 2 * middle == base s + base w) by (unfold middle; field).
    assert (Close : forall l, two_minus (n0 + l) <= two_minus n0) by (intros l; apply two_minus_le; lia).
    destruct C as [C|[i [q M]]].
    - assert (B : forall j, (j < d)%nat -> base s <= row d x j).
      { intros j Hj. destruct C as [E|[i [q [_ [_ E]]]]]; rewrite (E j Hj); [apply Qle_refl | apply member_between]. }
      assert (T : forall l, decide (n0 + l)%nat (o (n0 + l)%nat) = Some (vertex s 0)).
      { intros l. unfold decide.
        assert (Y : forall j, (j < d)%nat -> Qle_bool middle (entry (matrix_n (o (n0 + l)%nat)) 0 j) = true).
        { intros j Hj. apply Qle_bool_iff. destruct (near_entry x _ _ j (H (n0 + l)%nat) Hj) as [_ U].
          specialize (B j Hj). specialize (Close l). lra. }
        rewrite !Y by lia. reflexivity. }
      destruct (by_last_halts n0 decide o 0) as [l [z [t [Ht Z]]]]; [rewrite T; discriminate|].
      exists z, t. split; [exact Ht|]. rewrite T in Z. inversion Z.
      apply (vertex_coarse s ok_s); [exact one_less | exact C | lia].
    - assert (T : forall l, decide (n0 + l)%nat (o (n0 + l)%nat) = wait w (n0 + l)%nat (o (n0 + l)%nat)).
      { intros l. unfold decide.
        assert (Y : forall j, (j < d)%nat -> j <> i -> Qle_bool middle (entry (matrix_n (o (n0 + l)%nat)) 0 j) = false).
        { intros j Hj Ne. destruct (Qle_bool middle (entry (matrix_n (o (n0 + l)%nat)) 0 j)) eqn:E; [|reflexivity].
          apply Qle_bool_iff in E. destruct (near_entry x _ _ j (H (n0 + l)%nat) Hj) as [U _].
          destruct M as [_ [_ Row]]. rewrite (Row j Hj) in U. unfold member_row in U. apply Nat.eqb_neq in Ne.
          rewrite Ne in U.
          specialize (Close l). lra. }
        destruct (Nat.eq_dec i 0) as [->|Ne].
        - rewrite (Y 1%nat) by lia. now rewrite andb_false_r.
        - rewrite (Y 0%nat) by lia. reflexivity. }
      destruct (archimedes (delta w q / 2)) as [n1 L].
      { assert (P := delta_pos w q). apply Qlt_shift_div_l; lra. }
      assert (L' : 2 * two_minus (n0 + n1) < delta w q).
      { assert (B := two_minus_le n1 (n0 + n1) ltac:(lia)). apply Qlt_le_trans with (2 * (delta w q / 2)); [lra|].
        setoid_replace (2 * (delta w q / 2)) with (delta w q) by field. apply Qle_refl. }
      destruct (by_last_halts n0 decide o n1) as [l [z [t [Ht Z]]]].
      { rewrite T. unfold wait. assert (W := winner_found w x i q M _ _ (H (n0 + n1)%nat) L').
        destruct (winner w (n0 + n1) (o (n0 + n1)%nat)); [discriminate | easy]. }
      exists z, t. split; [exact Ht|]. rewrite T in Z. unfold wait in Z.
      destruct (winner w (n0 + l) (o (n0 + l)%nat)) as [j|] eqn:W; [|discriminate].
      inversion Z. subst z. rewrite (winner_right w x i q M _ _ j (H (n0 + l)%nat) W).
      now apply (vertex_member w ok_w x i q).
  Qed.
  (** The network 0, which needs no data, has one digit less again, on both families. *)
  Definition nothing : net := fun _ _ => 0%F.

  Theorem two_digits_less T x : digits w = S T -> both x -> right d k p etas G T x nothing.
  Proof.
    assert (Small : forall f r T', admissible_class d p etas f -> (r < R)%nat -> digits f = S T' ->
      forall v : Q, 0 <= v <= height p (eta r) (base f) -> v * v <= ten_minus T' * ten_minus T').
    { intros f r T' [_ [_ Ok]] Hr HT v Hv. destruct (Ok r Hr) as [_ [_ [_ [_ D]]]]. cbv zeta in D.
      rewrite HT, ten_minus_succ in D.
      assert (D' : 2 * (height p (eta r) (base f) * height p (eta r) (base f)) <= ten_minus T' * ten_minus T').
      { eapply Qle_trans; [exact D|]. apply Qle_lteq. right. field. }
      set (u := height p (eta r) (base f)) in *. set (t := ten_minus T') in *. clearbody u t. clear - Hv D'. nra. }
    assert (Zero : forall i (v : Q), (i < d)%nat -> nsq N (minus (fun _ => 0%F) (unit i (inj v))) = inj (v * v)%Q :> G).
    { intros i v Hi. unfold nsq. rewrite (sum_single G N i); [| unfold columns; lia |]; unfold minus, unit.
      - rewrite Nat.eqb_refl. rewrite <- inj_zero, <- inj_sub, <- inj_mul. apply inj_eq. ring.
      - intros j Hj D. apply Nat.eqb_neq in D. rewrite D. rewrite <- inj_zero, <- inj_sub, <- inj_mul. apply inj_eq.
        ring. }
    assert (D2 : (2 <= d)%nat) by apply ok_s.
    assert (Less : ten_minus (S T) * ten_minus (S T) <= ten_minus T * ten_minus T).
    { rewrite ten_minus_succ. assert (P := ten_minus_pos T). set (t := ten_minus T) in *. clearbody t.
      setoid_replace (t / 10 * (t / 10)) with (t * t * (1 # 100)) by field. nra. }
    intros HT C r Hr. assert (Member : forall f i q T', admissible_class d p etas f -> digits f = S T' ->
      is_member d f i q x -> within d k p etas G (ten_minus T' * ten_minus T') r x nothing).
    { intros f i q T' Of HT' M. apply (within_member d k p etas f Of G x i q); trivial.
      unfold nothing. rewrite Zero by apply M. apply inj_le. apply (Small f r); trivial. split.
      - now apply (height_positive d p etas f Of).
      - apply (heights_between d p etas f Of r q Hr). apply M. }
    assert (Weaken : forall E E', E <= E' -> within d k p etas G E r x nothing -> within d k p etas G E' r x nothing).
    { intros E E' L [[v [V B]]|[H [u [u' [z [V B]]]]]].
      - left. exists v. split; [exact V|]. eapply le_trans; [exact B | now apply inj_le].
      - right. exists H, u, u', z. split; [exact V|]. eapply le_trans; [exact B | now apply inj_le]. }
    unfold right_at. destruct C as [[E|[i [q M]]]|[i [q M]]].
    - left. exists (fun j => if (j =? 0)%nat then height p (eta r) (base s) else 0). 
      assert (Hs : 0 <= height p (eta r) (base s)).
      { apply height_nonneg, (admissible_more d p etas s ok_s); [exact Hr | lra]. }
      split; [apply (tie_minimiser s ok_s); trivial; lia|].
      rewrite (nsq_ext G N _ (minus (fun _ => 0%F) (unit 0 (inj (height p (eta r) (base s)))))).
      + rewrite Zero by lia. apply inj_le. eapply Qle_trans; [|exact Less].
        apply (Small s r (S T)); trivial; [congruence | split; [exact Hs | apply Qle_refl]].
      + intros j Hj. unfold minus, nothing, unit. destruct (j =? 0)%nat; [reflexivity | now rewrite inj_zero].
    - apply (Weaken _ _ Less). apply (Member s i q (S T)); trivial. congruence.
    - now apply (Member w i q T).
  Qed.
End Reach.

(** Strategies that attain the bounds, for finitely many tapes. *)
Section Attained.
  Variables d k : nat.
  Variable p : problem.
  Variable etas : list Q.
  Variable G : domain.
  Variable f : family.
  Hypothesis ok : admissible_class d p etas f.

  Definition guess (b : nat) : algorithm nat datum (network G) := fun _ => Answer (vertex p G f b).
  (** The first [d] tapes guess a column each, the others wait. *)
  Definition mixed (b : nat) : algorithm nat datum (network G) :=
    if (b <? d)%nat then guess b else by_last G 1 (wait d p G f).

  Lemma guess_halts b o : halts (guess b) o (vertex p G f b) [].
  Proof. exists 0%nat. split; reflexivity. Qed.

  Theorem guess_attains : succeeds (near d k) (right d k p etas G (digits f)) guess d (with_tie d f) 1.
  Proof.
    intros x C o V. assert (D : (2 <= d)%nat) by apply ok. destruct C as [E|[i [q M]]].
    - exists [0%nat]. split; [repeat constructor; easy|]. split; [|cbn; lia]. intros b [<-|[]]. split; [lia|].
      exists (vertex p G f 0), []. split; [apply guess_halts | now apply vertex_tie; try lia].
    - exists [i]. split; [repeat constructor; easy|]. split; [|cbn; lia]. intros b [<-|[]]. split; [apply M|].
      exists (vertex p G f i), []. split; [apply guess_halts | now apply (vertex_member d k p etas G f ok x i q)].
  Qed.

  Theorem mixed_attains :
    succeeds (near d k) (right d k p etas G (digits f)) mixed (2 * d - 1) (with_tie d f) d.
  Proof.
    intros x C o V. assert (D : (2 <= d)%nat) by apply ok. destruct C as [E|[i [q M]]].
    - exists (seq 0 d). split; [apply seq_NoDup|]. split; [|rewrite seq_length; lia]. intros b Hb. apply in_seq in Hb.
      split; [lia|]. exists (vertex p G f b), []. split; [|apply vertex_tie; trivial; lia].
      unfold mixed. replace (b <? d)%nat with true by (symmetry; apply Nat.ltb_lt; lia). apply guess_halts.
    - exists (i :: seq d (d - 1)). assert (Hi := proj1 M). split; [|split].
      + constructor; [|apply seq_NoDup]. intros I. apply in_seq in I. lia.
      + intros b [<-|Hb].
        * split; [lia|]. exists (vertex p G f i), []. split; [|now apply (vertex_member d k p etas G f ok x i q)].
          unfold mixed. apply Nat.ltb_lt in Hi. rewrite Hi. apply guess_halts.
        * apply in_seq in Hb. split; [lia|]. unfold success, mixed.
          replace (b <? d)%nat with false by (symmetry; apply Nat.ltb_ge; lia).
          apply (wait_solves d k p etas G f ok 1 x); [now exists i, q | exact V].
      + cbn [length]. rewrite seq_length. lia.
  Qed.
End Attained.
