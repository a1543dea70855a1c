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

  (** No answer is right for both inputs. *)
  Definition apart (x x' : Input) : Prop := forall z, right x z -> right x' z -> False.

  Lemma one_fails (g : algorithm) o z t n x x' : halts g o z t -> depth level t <= n -> shares o n x -> shares o n x' -> apart x x' ->
    ~ ((forall o', valid x o' -> exists z' t', halts g o' z' t' /\ right x z') /\
       (forall o', valid x' o' -> exists z' t', halts g o' z' t' /\ right x' z')).
  Proof.
    intros H D S S' A [R R'].
    destruct (same_answer g o z t n x H D S) as [o1 [V1 H1]]. destruct (same_answer g o z t n x' H D S') as [o2 [V2 H2]].
    destruct (R o1 V1) as [z1 [t1 [K1 Z1]]]. destruct (R' o2 V2) as [z2 [t2 [K2 Z2]]].
    destruct (deterministic _ _ _ g o1 z z1 t t1 H1 K1) as [-> _].
    destruct (deterministic _ _ _ g o2 z1 z2 t t2 H2 K2) as [-> _]. exact (A z2 Z1 Z2).
  Qed.

  Variable class : Input -> Prop.
  Variable o : oracle.
  (** At every precision two inputs of the class, of which no answer serves both, share the data [o]. *)
  Hypothesis ambiguous : forall n, exists x x', class x /\ class x' /\ shares o n x /\ shares o n x' /\ apart x x'.

  Theorem impossible tie : class tie -> valid tie o -> forall g, ~ solves class g.
  Proof.
    intros C V g S. destruct (S tie C o V) as [z [t [H _]]].
    destruct (ambiguous (depth level t)) as [x [x' [Cx [Cx' [Sx [Sx' A]]]]]].
    apply (one_fails g o z t (depth level t) x x' H (le_n _) Sx Sx' A). split; [now apply S | now apply S].
  Qed.

  Theorem impossible_within M g : ~ solves_within class M g.
  Proof.
    intros W. assert (R : solves class g).
    { intros x C o' V. destruct (W x C o' V) as [z [t [H [K _]]]]. now exists z, t. }
    destruct (step_or_answer _ _ _ g o M) as [L|[k [z [L E]]]].
    - destruct (ambiguous (depth level (after g o (S M)))) as [x [x' [Cx [Cx' [[o' [V A]] _]]]]].
      destruct (W x Cx o' V) as [z [t [H [_ T]]]].
      assert (L' : reads_more g o' M).
      { unfold reads_more in *. now rewrite (consistent _ _ _ level g o o' _ (S M) A (le_n _)). }
      assert (B := reads_more_not_halts _ _ _ g o' M z t L' H). lia.
    - set (t := after g o k). assert (H : halts g o z t) by now exists k.
      destruct (ambiguous (depth level t)) as [x [x' [Cx [Cx' [Sx [Sx' A]]]]]].
      apply (one_fails g o z t (depth level t) x x' H (le_n _) Sx Sx' A). split; [now apply R | now apply R].
  Qed.
End Impossible.

Arguments solves {Query Ans Out Input}. Arguments solves_within {Query Ans Out Input}.
Arguments shares {Query Ans} level {Input}. Arguments apart {Out Input}.
