/** Result of a source: a binary that runs, or the reason why there is none. */
export type SourceAnswer = { path: string } | { reason: string };

/** A source of a binary. It returns a reason, and does not throw, if a later source may succeed. */
export interface BinarySource {
  /** Short name for people. */
  name: string;
  find(): Promise<SourceAnswer>;
}

/** The binary and its source. */
export interface FoundBinary {
  path: string;
  source: string;
}

/** Words for progress and errors. */
export interface BinarySearch {
  sources: readonly BinarySource[];
  /** E.g. "a Temporal server". */
  sought: string;
  /** What to do if no source has one. */
  advice: string;
  onProgress: (line: string) => void;
}

/**
 * Tries the sources in order, and returns the first binary.
 *
 * @throws {Error} No source has one: one line for each source, and what to do.
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
    onProgress(`Looking for ${sought}: ${source.name} not available (${answer.reason})`);
  }
  const listed = reasons.map((reason, index) => `  ${index + 1}. ${reason}`).join('\n');
  throw new Error(`Cannot find ${sought}\n${listed}\n${advice}`);
}
