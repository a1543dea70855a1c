(** [A A* = c^2 I]: the condition number of [A A*] is 1. *)
From Coq Require Import QArith Arith Lia Ring.
From SciBarriers Require Import Ordered Sums Problems Heights Class.
Local Open Scope F_scope.

Section Condition.
  Variables d k : nat.
  Variable x : input d.
  Add Ring Fring : (domain_ring (domain_of d x)).

  Theorem gram i l : (i < rows k)%nat -> (l < rows k)%nat ->
    sum (columns d k) (fun j => A d x i j * A d x l j) = if (i =? l)%nat then root d x * root d x else 0.
  Proof.
    unfold rows. intros Hi Hl. set (a := fun j => inj (row d x j) : x). set (c := root d x).
    destruct i as [|i].
    - etransitivity; [exact (row_first (domain_of d x) d k a c (A d x l))|]. unfold dot.
      destruct l as [|l]; cbn [Nat.eqb].
      + unfold c. rewrite root_square. apply sum_ext. intros j Hj. unfold A, block. apply Nat.ltb_lt in Hj.
        now rewrite Hj.
      + apply sum_zero. intros j Hj. unfold A, block. replace (j =? d + l)%nat with false; [ring|].
        symmetry. apply Nat.eqb_neq. lia.
    - etransitivity; [exact (row_below (domain_of d x) d k a c (A d x l) i ltac:(lia))|].
      destruct l as [|l]; cbn [Nat.eqb].
      + unfold A, block. replace (d + i <? d)%nat with false; [ring|]. symmetry. apply Nat.ltb_ge. lia.
      + unfold A, block. fold c. destruct (Nat.eqb_spec i l) as [->|D]; [now rewrite Nat.eqb_refl|].
        replace (d + i =? d + l)%nat with false; [ring|]. symmetry. apply Nat.eqb_neq. lia.
  Qed.
End Condition.
