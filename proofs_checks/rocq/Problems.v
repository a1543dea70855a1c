(** The three problems, without square roots: a minimiser attains the least [v] that is at least the objective. *)
From Coq Require Import QArith Arith.
From SciBarriers Require Import Ordered Sums.
Local Open Scope F_scope.

Inductive problem := BPDN (eps : Q) | Lasso (lambda : Q) | SqrtLasso (lambda : Q).

Definition matrix (F : domain) := nat -> nat -> F.

(** [A x - y] for a matrix of [N] columns. *)
Definition residual {F : domain} (N : nat) (A : matrix F) (y x : vec F) : vec F :=
  fun i => sum N (fun j => A i j * x j) - y i.

(** [v] is at least the objective at [x]: the 1-norm if [|A x - y| <= eps]; lambda times it, plus the square of
    [|A x - y|]; lambda times it, plus [|A x - y|]. *)
Definition cost {F : domain} (p : problem) (m N : nat) (A : matrix F) (y x : vec F) (v : F) : Prop :=
  match p with
  | BPDN eps => nsq m (residual N A y x) <= inj eps * inj eps /\ norm1 N x <= v
  | Lasso lambda => inj lambda * norm1 N x + nsq m (residual N A y x) <= v
  | SqrtLasso lambda => exists s, 0 <= s /\ nsq m (residual N A y x) <= s * s /\ inj lambda * norm1 N x + s <= v
  end.

Definition minimiser {F : domain} (p : problem) (m N : nat) (A : matrix F) (y x : vec F) : Prop :=
  exists v, cost p m N A y x v /\ forall z w, cost p m N A y z w -> v <= w.

(** For (P1) and (P2) this is the usual definition, word for word. *)
Lemma minimiser_bpdn {F : domain} eps m N (A : matrix F) y x :
  minimiser (BPDN eps) m N A y x <->
  nsq m (residual N A y x) <= inj eps * inj eps /\
  forall z, nsq m (residual N A y z) <= inj eps * inj eps -> norm1 N x <= norm1 N z.
Proof.
  split.
  - intros [v [[H K] M]]. split; [exact H|]. intros z Hz. apply le_trans with v; [exact K|].
    apply (M z). split; [exact Hz | apply le_refl].
  - intros [H M]. exists (norm1 N x). split; [split; [exact H | apply le_refl]|].
    intros z w [Hz Hw]. apply le_trans with (norm1 N z); [now apply M | exact Hw].
Qed.

Lemma minimiser_lasso {F : domain} lambda m N (A : matrix F) y x :
  minimiser (Lasso lambda) m N A y x <->
  forall z, inj lambda * norm1 N x + nsq m (residual N A y x) <= inj lambda * norm1 N z + nsq m (residual N A y z).
Proof.
  split.
  - intros [v [H M]] z. apply le_trans with v; [exact H|]. apply (M z). apply le_refl.
  - intros M. eexists. split; [apply le_refl|]. intros z w H. eapply le_trans; [apply M | exact H].
Qed.
