/** What one rung of the ladder answers: a binary that runs, or the reason why there is none. */
export type RungAnswer = { path: string } | { reason: string };

/** One way to come by a binary. A rung never throws for what a later rung may solve: it gives a reason. */
export interface Rung {
  /** Short name, shown to people as the source of the server. */
  name: string;
  find(): Promise<RungAnswer>;
}

/** The binary that the ladder found, and by which rung. */
export interface FoundBinary {
  path: string;
  source: string;
}

/** What is looked for, in words for people. */
export interface Climb {
  rungs: readonly Rung[];
  /** What is looked for: "a Temporal server". */
  sought: string;
  /** What a person may do when no rung bears. */
  advice: string;
  onProgress: (line: string) => void;
}

/**
 * Walks the rungs in order; the first that bears wins, and later ones are not tried.
 *
 * @throws {Error} When none bears: one line for each rung, and what to do.
 */
export async function climb({ rungs, sought, advice, onProgress }: Climb): Promise<FoundBinary> {
  const reasons: string[] = [];
  for (const rung of rungs) {
    const answer = await rung.find();
    if ('path' in answer) return { path: answer.path, source: rung.name };
    reasons.push(`${rung.name}: ${answer.reason}`);
    onProgress(`Looking for ${sought}: not from ${rung.name} (${answer.reason})`);
  }
  const listed = reasons.map((reason, index) => `  ${index + 1}. ${reason}`).join('\n');
  throw new Error(`Cannot find ${sought}\n${listed}\n${advice}`);
}
