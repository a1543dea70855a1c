(** One class in numbers: three columns compete, m = 2, N = 4, K = 3, the sample e_1, for each of the three problems. *)
From Coq Require Import QArith List Arith Lia Lqa.
From SciBarriers Require Import Ordered Sums Problems Heights Class Precision Roots.
Import ListNotations.

Definition d3 : nat := 3.
Definition k1 : nat := 1.
Definition e1 : list Q := [1].
Definition strong3 : family := {| base := 400; shift := 0; digits := 3; start := 0 |}.
Definition weak3 : family := {| base := 25; shift := 4; digits := 2; start := 0 |}.
Definition problems3 : list problem := [BPDN (1 # 10); Lasso 1; SqrtLasso 1].

Lemma admissible3 p : In p problems3 -> admissible_class d3 p e1 strong3 /\ admissible_class d3 p e1 weak3.
Proof.
  intros [<-|[<-|[<-|[]]]]; split; (split; [unfold d3; lia|]; split; [cbn; lia|]);
    intros [|r] Hr; try (cbn in Hr; lia); vm_compute; repeat split; congruence.
Qed.

(** A second sample: two samples at once. *)
Definition two_samples : list Q := [1; 11 # 10].

Lemma admissible_two_samples : admissible_class d3 (SqrtLasso 1) two_samples strong3.
Proof.
  split; [unfold d3; lia|]. split; [cbn; lia|].
  intros [|[|r]] Hr; try (cbn in Hr; lia); vm_compute; repeat split; congruence.
Qed.
