(** Sequential algorithms. An algorithm decides from its transcript alone whether it reads on or answers. Every
    function of the transcript is allowed; nothing is assumed about how it is computed. *)
From Coq Require Import List Arith Lia.
Import ListNotations.

Section Model.
  Variables Query Ans Out : Type.

  Inductive move := Read (q : Query) | Answer (z : Out).

  (** The list of reads with their answers, the latest first. *)
  Definition transcript := list (Query * Ans).
  Definition algorithm := transcript -> move.
  (** The same question always has the same answer. *)
  Definition oracle := Query -> Ans.

  (** The transcript after [k] steps, each of which is a read; an algorithm that has answered stays as it is. *)
  Fixpoint after (g : algorithm) (o : oracle) (k : nat) : transcript :=
    match k with
    | O => []
    | S k => let t := after g o k in match g t with Read q => (q, o q) :: t | Answer _ => t end
    end.

  (** It ends with the answer [z], having read [t]. *)
  Definition halts (g : algorithm) (o : oracle) (z : Out) (t : transcript) : Prop :=
    exists k, after g o k = t /\ g t = Answer z.

  (** It reads more than [M] data. *)
  Definition reads_more (g : algorithm) (o : oracle) (M : nat) : Prop := length (after g o (S M)) = S M.

  (** The largest precision, or level, that was read. *)
  Variable level : Query -> nat.
  Fixpoint depth (t : transcript) : nat :=
    match t with [] => 0 | (q, _) :: t => Nat.max (level q) (depth t) end.
  Definition agree (n : nat) (o o' : oracle) : Prop := forall q, level q <= n -> o' q = o q.

  (** Consistency: equal answers to everything that is read, equal behaviour. *)
  Lemma consistent g o o' n k : agree n o o' -> depth (after g o k) <= n -> after g o' k = after g o k.
  Proof.
    intros A. induction k as [|k IH]; cbn [after]; [reflexivity|]. destruct (g (after g o k)) as [q|z] eqn:E.
    - cbn [depth]. intros H. rewrite IH by lia. rewrite E, A by lia. reflexivity.
    - intros H. rewrite IH by exact H. now rewrite E.
  Qed.

  Lemma consistent_halts g o o' n z t : agree n o o' -> depth t <= n -> halts g o z t -> halts g o' z t.
  Proof.
    intros A D [k [K E]]. exists k. rewrite (consistent g o o' n) by (trivial; congruence). now split.
  Qed.

  Lemma stays g o k z : g (after g o k) = Answer z -> forall l, after g o (l + k) = after g o k.
  Proof. intros E l. induction l as [|l IH]; cbn [after Nat.add]; [reflexivity|]. now rewrite IH, E. Qed.

  (** The answer is determined by the data. *)
  Lemma deterministic g o z z' t t' : halts g o z t -> halts g o z' t' -> z = z' /\ t = t'.
  Proof.
    intros [k [K E]] [k' [K' E']].
    assert (T : t = t').
    { subst t t'. destruct (le_ge_dec k k') as [H|H].
      - replace k' with ((k' - k) + k) by lia. symmetry. now apply stays with z.
      - replace k with ((k - k') + k') by lia. now apply stays with z'. }
    split; [|exact T]. rewrite T, E' in E. now inversion E.
  Qed.

  (** Within [M] + 1 steps it reads more than [M] data, or has answered. *)
  Lemma step_or_answer g o M : reads_more g o M \/
    exists k z, k <= M /\ g (after g o k) = Answer z.
  Proof.
    unfold reads_more. induction M as [|M IH].
    - cbn. destruct (g []) eqn:E; [left; reflexivity | right; exists 0, z; split; [lia | exact E]].
    - destruct IH as [IH|[k [z [L E]]]]; [|right; exists k, z; split; [lia | exact E]].
      destruct (g (after g o (S M))) as [q|z] eqn:E.
      + left. cbn [after] in *. rewrite E. cbn [length]. now rewrite IH.
      + right. exists (S M), z. split; [lia | exact E].
  Qed.

  Lemma reads_more_not_halts g o M z t : reads_more g o M -> halts g o z t -> M < length t.
  Proof.
    intros H [k [K E]]. subst t. destruct (le_gt_dec k (S M)) as [L|L].
    - rewrite <- (stays g o k z E (S M - k)). replace (S M - k + k) with (S M) by lia. rewrite H. lia.
    - replace k with ((k - S M) + S M) by lia. generalize (k - S M). intros l. unfold reads_more in H.
      induction l as [|l IH]; [cbn [Nat.add]; lia|]. change (S l + S M) with (S (l + S M)). cbn [after].
      destruct (g (after g o (l + S M))); cbn [length]; lia.
  Qed.

  (** A stream: the [n]th read, n = 1, 2, ..., has precision [n]. *)
  Variable query : nat -> Query.
  Inductive stream_move := Next | Stop (z : Out).
  Definition of_stream (s : list Ans -> stream_move) : algorithm :=
    fun t => match s (map snd t) with Next => Read (query (S (length t))) | Stop z => Answer z end.
End Model.

Arguments Read {Query Out}. Arguments Answer {Query Out}. Arguments Next {Out}. Arguments Stop {Out}.
Arguments after {Query Ans Out}. Arguments halts {Query Ans Out}. Arguments reads_more {Query Ans Out}.
Arguments depth {Query Ans}. Arguments agree {Query Ans}. Arguments of_stream {Query Ans Out}.
