(** What follows from data that several inputs share, for every algorithm, whatever it computes with. *)
From Coq Require Import List Arith Lia.
From SciBarriers Require Import Model.
Import ListNotations.

Section Impossible.
  Variables Query Ans Out : Type.
  Variable level : Query -> nat.
  Variable Input : Type.
  Notation algorithm := (algorithm Query Ans Out).
  Notation oracle := (oracle Query Ans).
  (** The oracle answers with admissible data of the input. *)
  Variable valid : Input -> oracle -> Prop.
  (** The answer is accurate enough for the input. *)
  Variable right : Input -> Out -> Prop.

  (** On all admissible data of all inputs of the class the algorithm ends with an accurate answer. *)
  Definition solves (class : Input -> Prop) (g : algorithm) : Prop :=
    forall x, class x -> forall o, valid x o -> exists z t, halts g o z t /\ right x z.
  (** And it reads at most [M] data. *)
  Definition solves_within (class : Input -> Prop) (M : nat) (g : algorithm) : Prop :=
    forall x, class x -> forall o, valid x o -> exists z t, halts g o z t /\ right x z /\ length t <= M.

  (** The input has admissible data that agree with [o] up to the precision [n]. *)
  Definition shares (o : oracle) (n : nat) (x : Input) : Prop := exists o', valid x o' /\ agree level n o o'.

  Lemma same_answer (g : algorithm) o z t n x : halts g o z t -> depth level t <= n -> shares o n x ->
    exists o', valid x o' /\ halts g o' z t.
  Proof. intros H D [o' [V A]]. exists o'. split; [exact V|]. now apply (consistent_halts _ _ _ level g o o' n). Qed.

  (** No answer is right for all inputs of [P], each of which is in the class and shares the data. *)
  Definition confused (class P : Input -> Prop) (o : oracle) (n : nat) : Prop :=
    (forall x, P x -> class x /\ shares o n x) /\ forall z, ~ (forall x, P x -> right x z).

  Lemma one_fails class (g : algorithm) o z t n P : halts g o z t -> depth level t <= n -> confused class P o n ->
    ~ solves class g.
  Proof.
    intros H D [C N] S. apply (N z). intros x Px. destruct (C x Px) as [Cx Sx].
    destruct (same_answer g o z t n x H D Sx) as [o' [V K]]. destruct (S x Cx o' V) as [z' [t' [K' R]]].
    destruct (deterministic _ _ _ g o' z z' t t' K K') as [-> _]. exact R.
  Qed.

  Variable class : Input -> Prop.
  Variable o : oracle.
  (** At every precision inputs of the class, which no answer serves together, share the data [o]. *)
  Hypothesis ambiguous : forall n, exists P, confused class P o n /\ exists x, P x.

  Theorem impossible tie : class tie -> valid tie o -> forall g, ~ solves class g.
  Proof.
    intros C V g S. destruct (S tie C o V) as [z [t [H _]]].
    destruct (ambiguous (depth level t)) as [P [Co _]]. exact (one_fails class g o z t _ P H (le_n _) Co S).
  Qed.

  Theorem impossible_within M g : ~ solves_within class M g.
  Proof.
    intros W. assert (R : solves class g).
    { intros x C o' V. destruct (W x C o' V) as [z [t [H [K _]]]]. now exists z, t. }
    destruct (step_or_answer _ _ _ g o M) as [L|[k [z [L E]]]].
    - destruct (ambiguous (depth level (after g o (S M)))) as [P [[Co _] [x Px]]].
      destruct (Co x Px) as [Cx [o' [V A]]]. destruct (W x Cx o' V) as [z [t [H [_ T]]]].
      assert (L' : reads_more g o' M).
      { unfold reads_more in *. now rewrite (consistent _ _ _ level g o o' _ (S M) A (le_n _)). }
      assert (B := reads_more_not_halts _ _ _ g o' M z t L' H). lia.
    - assert (H : halts g o z (after g o k)) by now exists k.
      destruct (ambiguous (depth level (after g o k))) as [P [Co _]].
      exact (one_fails class g o z _ _ P H (le_n _) Co R).
  Qed.
End Impossible.

Arguments solves {Query Ans Out Input}. Arguments solves_within {Query Ans Out Input}.
Arguments shares {Query Ans} level {Input}. Arguments confused {Query Ans Out} level {Input}.

(** No answer is right for both inputs. *)
Definition apart {Out Input} (right : Input -> Out -> Prop) (x x' : Input) : Prop :=
  forall z, right x z -> right x' z -> False.
