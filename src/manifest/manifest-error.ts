/** One problem in a manifest. */
export interface Problem {
  /** First line of the row, from 1. Absent if the problem is in the whole file or in a caller's default. */
  line?: number;
  /** Column or field, e.g. `metadata.seed`. */
  field?: string;
  message: string;
}

/** The value of a field in the row of a line. */
type GivenValue = (line: number, field: string) => unknown;

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
  /** All problems, in file order. */
  readonly all: readonly Problem[];
  readonly #given: GivenValue;

  constructor(
    file: string,
    problems: readonly Problem[],
    { given = () => undefined, ...options }: ErrorOptions & { given?: GivenValue } = {},
  ) {
    const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    super(summary(file, sorted), options);
    this.name = 'ManifestError';
    this.file = file;
    this.problems = sorted.slice(0, maxListedProblems);
    this.more = sorted.length - this.problems.length;
    this.all = sorted;
    this.#given = given;
  }

  /** The text that the row has in the field of a problem; undefined if there is none. */
  textIn({ line, field }: Problem): string | undefined {
    if (line === undefined || field === undefined) return undefined;
    const value = this.#given(line, field);
    return isText(value) ? String(value) : undefined;
  }
}

function isText(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function summary(file: string, [first, ...others]: readonly Problem[]): string {
  const line = first?.line === undefined ? '' : `line ${first.line}: `;
  const field = first?.field === undefined ? '' : `"${first.field}": `;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `Cannot use the manifest "${file}": ${line}${field}${first?.message ?? 'it is invalid'}${more}`;
}
