(** The main statements, each beside the sentence of the paper (PNAS 119(12), 2022, e2107151119) that it formalises.
    What the words mean is defined in Model.v (algorithms), Problems.v (P1, P2, P3) and Class.v (inputs, data,
    families); docs/formal.md says in words where a statement deviates from the sentence. *)
From Coq Require Import QArith List Arith Lia.
From SciBarriers Require Import Ordered Sums Problems Heights Minimisers Model Impossible Counting Class Data Families
  Roots Barrier Reach Further OneDatum Breakdown Condition Instance.
Import ListNotations.

(** * The class *)

(** "The class Omega is well-conditioned": A A* = c^2 I for every input, so that the condition number of A A* is 1. *)
Theorem condition_number d k (x : input d) i l : (i < rows k)%nat -> (l < rows k)%nat ->
  (sum (columns d k) (fun j => A d x i j * A d x l j) = if (i =? l)%nat then root d x * root d x else 0)%F.
Proof. apply gram. Qed.

(** The solution sets Xi_j(A, y) for y = eta e_1, j = 1, 2, 3: the height times the convex hull of the unit vectors of
    the largest entries, whatever c is. *)
Theorem solution_sets (F : domain) d k (a : vec F) (c : F) (t eta : Q) p :
  (forall j, (j < d)%nat -> 0 <= a j /\ a j <= inj t)%F -> admissible p eta t ->
  (exists j, (j < d)%nat /\ a j = inj t) -> forall x,
  minimiser p (rows k) (columns d k) (block d a c) (unit O (inj eta)) x <->
  in_simplex d k a (inj t) (inj (height p eta t)) x.
Proof. intros B Ad E x. now apply minimisers. Qed.

(** What "minimiser" means, for (P1) and (P2) as usual. *)
Theorem minimisers_of_P1 (F : domain) eps m N (A : matrix F) y x : minimiser (BPDN eps) m N A y x <->
  (nsq m (residual N A y x) <= inj eps * inj eps /\
    forall z, nsq m (residual N A y z) <= inj eps * inj eps -> norm1 N x <= norm1 N z)%F.
Proof. apply minimiser_bpdn. Qed.

Theorem minimisers_of_P2 (F : domain) lambda m N (A : matrix F) y x : minimiser (Lasso lambda) m N A y x <->
  (forall z, inj lambda * norm1 N x + nsq m (residual N A y x)
    <= inj lambda * norm1 N z + nsq m (residual N A y z))%F.
Proof. apply minimiser_lasso. Qed.

(** Every rational row is that of an input: its c is rational, or in the pairs a + b sqrt s over the rationals. *)
Theorem inputs_exist d (a : nat -> Q) : exists x : input d, forall j, row d x j = a j.
Proof. destruct (input_of d a) as [x E]. now exists x. Qed.

Section Statements.
  Variables d k : nat.       (* m = k + 1 rows, N = d + k columns, d = N - m + 1 *)
  Variable p : problem.      (* (P1), (P2) or (P3), with its parameter *)
  Variable etas : list Q.    (* the samples: S = {eta e_1, for eta in the list} *)
  Variable s : family.       (* the strong family: for K = digits s *)
  Hypothesis ok_s : admissible_class d p etas s.
  Variable G : domain.       (* the values of the networks lie in any ordered domain *)
  Notation algorithm := (algorithm nat datum (network G)).
  Notation admissible_data := (valid d k p etas).
  Notation has_digits T r := (right_at d k p etas G T r).

  (** * Statement 1 *)

  (** "There does not exist any algorithm that, given a training set, produces a NN with K digits of accuracy for any
      element of S." For each sample: *)
  Theorem K_digits_impossible r : (r < length etas)%nat -> forall g : algorithm,
    ~ solves admissible_data (has_digits (digits s) r) (with_tie d s) g.
  Proof. now apply no_algorithm. Qed.

  (** With stream access, where the nth read has precision n. *)
  Theorem K_digits_impossible_from_a_stream r : (r < length etas)%nat ->
    forall g : list datum -> stream_move (network G),
    ~ solves admissible_data (has_digits (digits s) r) (with_tie d s) (of_stream (fun n => n) g).
  Proof. intros Hr g. now apply no_algorithm. Qed.

  (** The input that is failed. Either the algorithm never halts on data that are admissible for the tie, or: *)
  Theorem failing_inputs (g : algorithm) phi t : halts g (common d k p etas s) phi t ->
    forall q, (start s <= q)%nat -> (depth precision t <= q)%nat ->
    exists l : list nat, length l = length etas /\ forall i x, ~ In i l -> is_member d s i q x ->
      exists o, admissible_data x o /\ halts g o phi t /\
        forall r, (r < length etas)%nat -> ~ has_digits (digits s) r x phi.
  Proof. apply fails_everywhere. exact ok_s. Qed.

  Theorem common_data_are_of_the_tie x : is_tie d s x -> admissible_data x (common d k p etas s).
  Proof. now apply valid_tie. Qed.

  (** For all elements of S at once, with fewer samples than competing columns. *)
  Theorem K_digits_impossible_at_all_samples (g : algorithm) phi t : (length etas < d)%nat ->
    halts g (common d k p etas s) phi t ->
    exists i q x o, is_member d s i q x /\ admissible_data x o /\ halts g o phi t /\
      forall r, (r < length etas)%nat -> ~ has_digits (digits s) r x phi.
  Proof. apply fails_at_all_samples. exact ok_s. Qed.

  (** "For any p > 1/2, no probabilistic algorithm can produce a NN with K digits of accuracy with probability at least
      p." For n equally likely tapes, of which at least l are right on all data of all inputs: l/n <= d/(2d - 1),
      halting or not; and l/n <= 1/d if all tapes halt on the common data. *)
  Theorem K_digits_by_coins r (g : nat -> algorithm) n l : (r < length etas)%nat ->
    succeeds admissible_data (has_digits (digits s) r) g n (with_tie d s) l -> ((2 * d - 1) * l <= d * n)%nat.
  Proof. intros Hr. now apply probability. Qed.

  Theorem K_digits_by_halting_coins r (g : nat -> algorithm) n l : (r < length etas)%nat ->
    (forall b, (b < n)%nat -> exists phi t, halts (g b) (common d k p etas s) phi t) ->
    succeeds admissible_data (has_digits (digits s) r) g n (members d s) l -> (d * l <= n)%nat.
  Proof. intros Hr. now apply probability_halting. Qed.

  (** Both are attained, on all data whose matrices are near: by a guess, and by one that guesses or waits. *)
  Theorem K_digits_by_guessing :
    succeeds (near d k) (right d k p etas G (digits s)) (guess p G s) d (with_tie d s) 1.
  Proof. now apply guess_attains. Qed.

  Theorem K_digits_by_guessing_or_waiting :
    succeeds (near d k) (right d k p etas G (digits s)) (mixed d p G s) (2 * d - 1) (with_tie d s) d.
  Proof. now apply mixed_attains. Qed.

  (** Remark 3, the breakdown epsilon: no error whose square is below h^2 (d - 1)/d on all inputs, and one network, that
      needs no data, whose error is that at most. *)
  Theorem breakdown_epsilon_lower r E : (r < length etas)%nat ->
    (number d * E < (number d - 1) * (height p (eta etas r) (base s) * height p (eta etas r) (base s)))%Q ->
    forall g : algorithm, ~ solves admissible_data (within d k p etas G E r) (with_tie d s) g.
  Proof. intros Hr. now apply breakdown_below. Qed.

  Theorem breakdown_epsilon_lower_within r E : (r < length etas)%nat ->
    (number d * E < (number d - 1) * (height p (eta etas r) (base s) * height p (eta etas r) (base s)))%Q ->
    forall M (g : algorithm), ~ solves_within admissible_data (within d k p etas G E r) (members d s) M g.
  Proof. intros Hr. now apply breakdown_below_within. Qed.

  Theorem breakdown_epsilon_upper r E : (r < length etas)%nat ->
    ((number d - 1) * (height p (eta etas r) (base s) * height p (eta etas r) (base s)) <= number d * E)%Q ->
    forall x, with_tie d s x -> within d k p etas G E r x (centroid d p s G).
  Proof. intros Hr. now apply breakdown_attained. Qed.

  (** * Statements 2 and 3, with the weak family, which has no tie *)
  Variable w : family.
  Hypothesis ok_w : admissible_class d p etas w.
  Hypothesis smaller : (base w < base s)%Q.
  Hypothesis one_less : digits s = S (digits w).
  Notation Omega := (both d s w).

  Theorem admissible_data_are_near x o : admissible_data x o -> near d k x o.
  Proof. intros V n. apply V. Qed.

  (** "There does exist a deterministic Turing machine that, given a training set, produces a NN accurate to K - 1
      digits over S." The algorithm is explicit, and right on all data whose matrices are near. *)
  Theorem K_minus_1_digits_possible n0 : (2 * two_minus n0 < base s - base w)%Q ->
    solves (near d k) (right d k p etas G (digits w)) Omega (by_last G n0 (decide d p G s w)).
  Proof. now apply one_digit_less. Qed.

  (** "However, for any M there exists a training set such that it fails to achieve K - 1 digits or requires more than M
      training data." *)
  Theorem K_minus_1_digits_need_unbounded_data r : (r < length etas)%nat -> forall M (g : algorithm),
    ~ solves_within admissible_data (has_digits (digits w) r) (members d w) M g.
  Proof. now apply no_algorithm_within. Qed.

  (** "For any probabilistic Turing machine, M and p in [0, (N - m)/(N + 1 - m)) the probability of failing to achieve
      K - 1 digits or requiring more than M training data is greater than p": l/n <= 1/d. *)
  Theorem K_minus_1_digits_by_coins r (g : nat -> algorithm) n M l : (r < length etas)%nat ->
    succeeds_within admissible_data (has_digits (digits w) r) g n (members d w) M l -> (d * l <= n)%nat.
  Proof. intros Hr. now apply probability_within. Qed.

  (** "K - 2 digits of accuracy possible with L training data": at multiples of e_1 no datum is needed. *)
  Theorem K_minus_2_digits_possible T : digits w = S T -> forall x, Omega x ->
    right d k p etas G T x (nothing G).
  Proof. intros H x. now apply (two_digits_less d k p etas G s w). Qed.
End Statements.

(** * Statement 3 with further samples (eta, y') of (P3): [further] and [bounded] are defined in OneDatum.v *)
Section FurtherSamples.
  Variables (d k : nat) (lambda : Q) (etas : list Q) (s w : family).
  Notation p := (SqrtLasso lambda).
  Hypothesis ok_s : admissible_class d p etas s.
  Hypothesis ok_w : admissible_class d p etas w.
  Hypothesis smaller : (base w < base s)%Q.
  Hypothesis one_less : digits s = S (digits w).
  Notation is_sample := (further d k lambda etas w).
  Notation has_digits := (fun G T l => within_at d k p G (ten_minus T * ten_minus T)%Q l).

  (** "There does exist a deterministic Turing machine that, given L training data, produces a NN accurate to K - 2
      digits": from one datum of the precision [n], at all these samples at once. The algorithm is explicit. *)
  Theorem K_minus_2_digits_from_one_datum T n Y : digits w = S T -> (0 < k)%nat -> (2 * two_minus n <= base w)%Q ->
    (2 * (2 * two_minus n / (base w * base w) * (2 * two_minus n / (base w * base w)) * Y)
      <= ten_minus T * ten_minus T)%Q ->
    solves_within (near d k) (fun x phi => forall l, is_sample l -> bounded k Y l -> has_digits rationals T l x phi)
      (both d s w) 1 (from_one d n).
  Proof. now apply one_datum. Qed.

  Theorem such_a_precision_exists T Y : (0 <= Y)%Q -> exists n, (2 * two_minus n <= base w)%Q /\
    (2 * (2 * two_minus n / (base w * base w) * (2 * two_minus n / (base w * base w)) * Y)
      <= ten_minus T * ten_minus T)%Q.
  Proof. exact (precision_exists d lambda etas s w ok_w one_less T Y). Qed.

  (** Without a read an answer is one network for all inputs, and none has D digits at such a sample. *)
  Theorem K_minus_2_digits_need_a_datum (G : domain) T D l i lo hi : digits w = S T -> is_sample l -> (i < k)%nat ->
    (0 <= lo)%Q -> (lo * lo * (number d * (peak w (start w) * peak w (start w))) <= 1)%Q ->
    (0 <= hi)%Q -> (1 <= hi * hi * (number d * (base s * base s)))%Q ->
    (0 <= second l i)%Q -> (2 * ten_minus D < second l i * (lo - hi))%Q ->
    forall phi, ~ (forall x, both d s w x -> has_digits G D l x phi).
  Proof. now apply no_datum. Qed.
End FurtherSamples.

(** * One class in numbers: d = 3, m = 2, N = 4, K = 3, S = {e_1}, answers in the rationals *)

Notation algorithm3 := (algorithm nat datum (network rationals)).

Theorem concrete_impossible p : In p problems3 -> forall g : algorithm3,
  ~ solves (valid d3 k1 p e1) (right_at d3 k1 p e1 rationals 3 0) (with_tie d3 strong3) g.
Proof. intros H. apply (K_digits_impossible d3 k1 p e1 strong3 (proj1 (admissible3 p H)) rationals 0). cbn. lia. Qed.

Theorem concrete_possible p : In p problems3 ->
  solves (near d3 k1) (right d3 k1 p e1 rationals 2) (both d3 strong3 weak3)
    (by_last rationals 1 (decide d3 p rationals strong3 weak3)).
Proof.
  intros H. destruct (admissible3 p H) as [Hs Hw].
  now apply (K_minus_1_digits_possible d3 k1 p e1 strong3 Hs rationals weak3 Hw).
Qed.

Theorem concrete_unbounded p : In p problems3 -> forall M (g : algorithm3),
  ~ solves_within (valid d3 k1 p e1) (right_at d3 k1 p e1 rationals 2 0) (members d3 weak3) M g.
Proof.
  intros H. apply (K_minus_1_digits_need_unbounded_data d3 k1 p e1 rationals weak3 (proj2 (admissible3 p H)) 0).
  cbn. lia.
Qed.

(** With d = 3 the probability is 3/5, attained by five tapes. *)
Theorem concrete_coins p : In p problems3 ->
  (forall (g : nat -> algorithm3) n l,
    succeeds (valid d3 k1 p e1) (right_at d3 k1 p e1 rationals 3 0) g n (with_tie d3 strong3) l ->
    (5 * l <= 3 * n)%nat) /\
  succeeds (near d3 k1) (right d3 k1 p e1 rationals 3) (mixed d3 p rationals strong3) 5 (with_tie d3 strong3) 3.
Proof.
  intros H. destruct (admissible3 p H) as [Hs _]. split.
  - intros g n l. apply (K_digits_by_coins d3 k1 p e1 strong3 Hs rationals 0 g n l). cbn. lia.
  - exact (K_digits_by_guessing_or_waiting d3 k1 p e1 strong3 Hs rationals).
Qed.

(** (P3), lambda = 1: the height is 1/400, and the least error has the square 2/480000. *)
Theorem concrete_breakdown E :
  ((E < 2 # 480000)%Q -> forall g : algorithm3,
    ~ solves (valid d3 k1 (SqrtLasso 1) e1) (within d3 k1 (SqrtLasso 1) e1 rationals E 0) (with_tie d3 strong3) g) /\
  ((2 # 480000 <= E)%Q -> forall x, with_tie d3 strong3 x ->
    within d3 k1 (SqrtLasso 1) e1 rationals E 0 x (centroid d3 (SqrtLasso 1) strong3 rationals)).
Proof.
  assert (Hs := proj1 (admissible3 (SqrtLasso 1) ltac:(cbn; tauto))). assert (R0 : (0 < length e1)%nat) by (cbn; lia).
  assert (N : number d3 == 3) by reflexivity.
  assert (V : (number d3 - 1) *
    (height (SqrtLasso 1) (eta e1 0) (base strong3) * height (SqrtLasso 1) (eta e1 0) (base strong3)) == 2 # 160000)
    by reflexivity.
  split; intros H.
  - apply (breakdown_epsilon_lower d3 k1 (SqrtLasso 1) e1 strong3 Hs rationals 0 E R0). rewrite V, N.
    setoid_replace (2 # 160000) with (3 * (2 # 480000)) by reflexivity. now apply Qmult_lt_l.
  - apply (breakdown_epsilon_upper d3 k1 (SqrtLasso 1) e1 strong3 Hs rationals 0 E R0). rewrite V, N.
    setoid_replace (2 # 160000) with (3 * (2 # 480000)) by reflexivity. now apply Qmult_le_l.
Qed.

(** Two samples, e_1 and 11/10 e_1: an algorithm that halts on the common data fails at both on one input. *)
Theorem concrete_two_samples (g : algorithm nat datum (network rationals)) phi t :
  halts g (common d3 k1 (SqrtLasso 1) two_samples strong3) phi t ->
  exists i q x o, is_member d3 strong3 i q x /\ valid d3 k1 (SqrtLasso 1) two_samples x o /\ halts g o phi t /\
    forall r, (r < 2)%nat -> ~ right_at d3 k1 (SqrtLasso 1) two_samples rationals 3 r x phi.
Proof.
  intros H. apply (K_digits_impossible_at_all_samples d3 k1 (SqrtLasso 1) two_samples strong3 admissible_two_samples
    rationals g phi t); [unfold d3; cbn; lia | exact H].
Qed.

(** The further sample (1, 10): K - 2 = 1 digit from one datum of precision 1, and none without a read. *)
Definition further3 : list Q := [1; 10]%Q.

Theorem concrete_one_datum :
  solves_within (near d3 k1) (fun x phi => within_at d3 k1 (SqrtLasso 1) rationals (1 # 100) further3 x phi)
    (both d3 strong3 weak3) 1 (from_one d3 1) /\
  forall (G : domain) phi,
    ~ (forall x, both d3 strong3 weak3 x -> within_at d3 k1 (SqrtLasso 1) G (1 # 100) further3 x phi).
Proof.
  destruct (admissible3 (SqrtLasso 1) ltac:(cbn; tauto)) as [Hs Hw].
  assert (F : further d3 k1 1 e1 weak3 further3).
  { split; [exists 0%nat; split; [cbn; lia | reflexivity] | vm_compute; congruence]. }
  split.
  - intros x C o V. destruct (K_minus_2_digits_from_one_datum d3 k1 1 e1 strong3 weak3 Hs Hw eq_refl eq_refl 1 1 100
      eq_refl ltac:(unfold k1; lia) ltac:(vm_compute; congruence) ltac:(vm_compute; congruence) x C o V)
      as [z [t [H [R L]]]].
    exists z, t. split; [exact H|]. split; [|exact L]. apply (R further3 F). vm_compute. congruence.
  - intros G. apply (K_minus_2_digits_need_a_datum d3 k1 1 e1 strong3 weak3 Hs Hw eq_refl eq_refl G 1 1 further3 0
      (1 # 44) (1 # 692)); trivial; try (unfold k1; lia); vm_compute; congruence.
Qed.
