/** One thing that is wrong with a manifest. */
export interface Problem {
  /** Where the row begins in the file, from 1; absent when it is about the file, or about a default of the caller. */
  line?: number;
  /** Column or field, e.g. `metadata.seed`. */
  field?: string;
  message: string;
}

export type Report = (problem: Problem) => void;

/** More lines than this nobody reads. */
const maxListedProblems = 100;

/** A manifest that cannot be used, with everything that is wrong about it; nothing was submitted. */
export class ManifestError extends Error {
  readonly file: string;
  /** In the order of the file; the first 100. */
  readonly problems: readonly Problem[];
  /** How many problems are not listed. */
  readonly more: number;

  constructor(file: string, problems: readonly Problem[], options?: ErrorOptions) {
    const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    super(summary(file, sorted), options);
    this.name = 'ManifestError';
    this.file = file;
    this.problems = sorted.slice(0, maxListedProblems);
    this.more = sorted.length - this.problems.length;
  }
}

function summary(file: string, [first, ...others]: readonly Problem[]): string {
  const line = first?.line === undefined ? '' : `line ${first.line}: `;
  const field = first?.field === undefined ? '' : `"${first.field}": `;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `Cannot use the manifest "${file}": ${line}${field}${first?.message ?? 'it is wrong'}${more}`;
}
