/** What one source answers: a binary that runs, or the reason why there is none. */
export type SourceAnswer = { path: string } | { reason: string };

/** One way to come by a binary. A source never throws for what a later source may solve: it gives a reason. */
export interface BinarySource {
  /** Short name, shown to people as the source of the server. */
  name: string;
  find(): Promise<SourceAnswer>;
}

/** The binary that was found, and from which source. */
export interface FoundBinary {
  path: string;
  source: string;
}

/** What is looked for, in words for people. */
export interface BinarySearch {
  sources: readonly BinarySource[];
  /** What is looked for: "a Temporal server". */
  sought: string;
  /** What a person may do when no source has one. */
  advice: string;
  onProgress: (line: string) => void;
}

/**
 * Tries the sources in order; the first that has one wins, and later ones are not tried.
 *
 * @throws {Error} When none has one: one line for each source, and what to do.
 */
export async function tryInOrder({
  sources,
  sought,
  advice,
  onProgress,
}: BinarySearch): Promise<FoundBinary> {
  const reasons: string[] = [];
  for (const source of sources) {
    const answer = await source.find();
    if ('path' in answer) return { path: answer.path, source: source.name };
    reasons.push(`${source.name}: ${answer.reason}`);
    onProgress(`Looking for ${sought}: not from ${source.name} (${answer.reason})`);
  }
  const listed = reasons.map((reason, index) => `  ${index + 1}. ${reason}`).join('\n');
  throw new Error(`Cannot find ${sought}\n${listed}\n${advice}`);
}
