/** One problem in a manifest. */
export interface Problem {
  /** First line of the row, from 1. Absent if the problem is in the whole file or in a caller's default. */
  line?: number;
  /** Column or field, e.g. `metadata.seed`. */
  field?: string;
  message: string;
}

export type Report = (problem: Problem) => void;

/** Limits the length of the message. */
const maxListedProblems = 100;

/** An invalid manifest with all its problems. Nothing was submitted. */
export class ManifestError extends Error {
  readonly file: string;
  /** The first 100 problems, in file order. */
  readonly problems: readonly Problem[];
  /** Number of problems that are not listed. */
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
  return `Cannot use the manifest "${file}": ${line}${field}${first?.message ?? 'it is invalid'}${more}`;
}
