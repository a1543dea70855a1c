(** Inputs, training data and families of the class, for samples that are multiples of the first unit vector. *)
From Coq Require Import QArith Qround ZArith List Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Problems Heights Model.
Import ListNotations.

(** [2^-n] and [10^-n]. *)
Fixpoint pow (b : positive) (n : nat) : positive := match n with O => 1%positive | S n => (b * pow b n)%positive end.
Definition two_minus (n : nat) : Q := 1 # pow 2 n.
Definition ten_minus (n : nat) : Q := 1 # pow 10 n.

(** Training data of one precision: the matrix, and a sample and a point for each sample, as lists of rationals. *)
Record datum := { matrix_n : list (list Q); samples_n : list (list Q); points_n : list (list Q) }.
Definition entry (l : list (list Q)) (i j : nat) : Q := nth j (nth i l []) 0%Q.
Definition table {X} (n : nat) (f : nat -> X) : list X := map f (seq 0 n).

(** A read names a precision and returns the data of that precision, for all samples at once. *)
Notation data := (oracle nat datum).
Definition precision (n : nat) : nat := n.

Section Class.
  (** Sizes [m = k + 1], [N = d + k]; the samples are [eta e_1] for [eta] in the list. *)
  Variables d k : nat.
  Variable p : problem.
  Variable etas : list Q.
  Notation m := (rows k).
  Notation N := (columns d k).

  Definition eta (r : nat) : Q := nth r etas 1%Q.
  Definition sample (r : nat) : list Q := eta r :: table k (fun _ => 0%Q).

  (** An input: a rational row [a], and [c = |a|] in an ordered domain. *)
  Record input := {
    domain_of :> domain;
    row : nat -> Q;
    root : domain_of;
    root_nonneg : (0 <= root)%F;
    root_square : (root * root)%F = nsq d (fun j => inj (row j) : domain_of)
  }.

  Definition A (x : input) : matrix x := block d (fun j => inj (row x j)) (root x).
  Definition y (x : input) (r : nat) : vec x := unit O (inj (eta r)).

  (** Eq. 3 of the paper, for the matrix: the spectral norm of the difference is at most [2^-n]. *)
  Definition near_matrix (x : input) (n : nat) (M : list (list Q)) : Prop :=
    forall v : vec x,
      (nsq m (fun i => sum N (fun j => (inj (entry M i j) - A x i j) * v j))
        <= inj (two_minus n * two_minus n)%Q * nsq N v)%F.
  (** Eq. 3, for a sample. *)
  Definition near_sample (x : input) (n r : nat) (s : list (list Q)) : Prop :=
    (nsq m (minus (fun i => inj (entry s r i)) (y x r)) <= inj (two_minus n * two_minus n)%Q)%F.
  (** Eq. 4: the point is near to a minimiser of the approximate problem. *)
  Definition near_minimiser (x : input) (n r : nat) (D : datum) : Prop :=
    exists z : vec x,
      minimiser p m N (fun i j => inj (entry (matrix_n D) i j)) (fun i => inj (entry (samples_n D) r i)) z /\
      (nsq N (minus (fun j => inj (entry (points_n D) r j)) z) <= inj (two_minus n * two_minus n)%Q)%F.

  Definition valid_at (x : input) (n : nat) (D : datum) : Prop :=
    near_matrix x n (matrix_n D) /\
    forall r, (r < length etas)%nat -> near_sample x n r (samples_n D) /\ near_minimiser x n r D.
  (** Training data of the input (eq. 5). *)
  Definition valid (x : input) (o : data) : Prop := forall n, valid_at x n (o n).
  (** Only the first inequality of eq. 3: what the algorithms below need. *)
  Definition near (x : input) (o : data) : Prop := forall n, near_matrix x n (matrix_n (o n)).

  (** An answer is a network: a function of the sample, with values in any ordered domain [G]. *)
  Definition network (G : domain) := list Q -> vec G.
  (** The square of the distance of [v] to a minimiser for [b] is at most [E]: to one with rational entries, or to any
      other, in a domain that contains both. *)
  Definition near_solution (G : domain) (E : Q) (x : input) (b : vec x) (v : vec G) : Prop :=
    (exists z : nat -> Q, minimiser p m N (A x) b (fun j => inj (z j)) /\
      (nsq N (minus v (fun j => inj (z j))) <= inj E)%F) \/
    exists (H : domain) (u : embedding G H) (u' : embedding x H) (z : vec x), minimiser p m N (A x) b z /\
      (nsq N (minus (fun j => u (v j)) (fun j => u' (z j))) <= inj E)%F.
  (** The network at sample [r]. *)
  Definition within (G : domain) (E : Q) (r : nat) (x : input) (phi : network G) : Prop :=
    near_solution G E x (y x r) (phi (sample r)).
  (** The network at any sample, a list of rationals. *)
  Definition within_at (G : domain) (E : Q) (l : list Q) (x : input) (phi : network G) : Prop :=
    near_solution G E x (fun i => inj (nth i l 0%Q)) (phi l).
  (** It has [T] digits. *)
  Definition right_at (G : domain) (T r : nat) : input -> network G -> Prop :=
    within G (ten_minus T * ten_minus T)%Q r.
  Definition right (G : domain) (T : nat) (x : input) (phi : network G) : Prop :=
    forall r, (r < length etas)%nat -> right_at G T r x phi.

  (** The families: all entries of the row are [base]; in member [(i, q)] entry [i] is larger by [2^-(q + shift)]. *)
  Record family := { base : Q; shift : nat; digits : nat; start : nat }.
  Definition delta (f : family) (q : nat) : Q := two_minus (q + shift f).
  Definition tie_row (f : family) : nat -> Q := fun _ => base f.
  Definition member_row (f : family) (i q : nat) : nat -> Q :=
    fun j => if (j =? i)%nat then (base f + delta f q)%Q else base f.
  Definition is_tie (f : family) (x : input) : Prop := forall j, (j < d)%nat -> row x j == tie_row f j.
  Definition is_member (f : family) (i q : nat) (x : input) : Prop :=
    (i < d)%nat /\ (start f <= q)%nat /\ forall j, (j < d)%nat -> row x j == member_row f i q j.

  Definition peak (f : family) (q : nat) : Q := (base f + delta f q)%Q.
  (** The conditions of the class: on the parameter, and (i), (ii) and (iii). *)
  Definition admissible_class (f : family) : Prop :=
    (2 <= d)%nat /\ (0 < length etas)%nat /\ forall r, (r < length etas)%nat ->
      admissible p (eta r) (base f) /\
      match p with Lasso lambda => (lambda <= base f * eta r)%Q | _ => True end /\
      let h := height p (eta r) (base f) in let hq := height p (eta r) (peak f (start f)) in
      let e := ten_minus (digits f) in
      (4 * (e * e) < 2 * (hq * hq))%Q /\ (h - hq <= e)%Q /\ (2 * (h * h) <= 100 * (e * e))%Q.

  (** A rational number that is at least a root of [s], and by at most [2^-n]. *)
  Definition root_above (n : nat) (s : Q) : Q :=
    (Z.sqrt (Qfloor (s * (inject_Z (Zpos (pow 2 n)) * inject_Z (Zpos (pow 2 n))))) + 1)%Z # pow 2 n.

  Definition rational_block (a : nat -> Q) (c : Q) (i j : nat) : Q :=
    match i with
    | O => if (j <? d)%nat then a j else 0%Q
    | S i => if (j =? d + i)%nat then c else 0%Q
    end.

  (** Data as an honest source of the row [a], whose largest entry [t] is entry [i], would give. *)
  Definition honest (a : nat -> Q) (i : nat) (t : Q) (n : nat) : datum := {|
    matrix_n := table m (fun l => table N (rational_block a (root_above n (qsum d (fun j => a j * a j)%Q)) l));
    samples_n := map (fun e => e :: table k (fun _ => 0%Q)) etas;
    points_n := map (fun e => table N (fun j => if (j =? i)%nat then height p e t else 0%Q)) etas |}.
  (** The common oracle: the data of the tie. *)
  Definition common (f : family) : data := fun n => honest (tie_row f) O (base f) n.
  (** Data of a member that begin as those of the tie. *)
  Definition disguised (f : family) (i q : nat) : data := fun n =>
    if (n <=? q)%nat then common f n else honest (member_row f i q) i (peak f q) n.
End Class.
