import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Progress goes to stderr, the result to stdout: lines for people, or with `--json` one object for programs. */
export interface Output {
  json: boolean;
  /** Whether stderr is a terminal. */
  isTerminal: boolean;
  /** Width of that terminal. */
  columns: number;
  /** For stderr. */
  colors: Colors;
  /** Prints lines on stderr while the command runs. */
  note(text: string): void;
  /** Prints the result on stdout, as lines or as JSON. At most one call. */
  result(lines: (colors: Colors) => string[], value: unknown): void;
  /** The same for a failure: lines go to stderr, JSON to stdout. */
  badResult(lines: (colors: Colors) => string[], value: unknown): void;
}

type Stream = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean; columns?: number };

export interface OutputOptions {
  json: boolean;
  stdout: Stream;
  stderr: Stream;
  env: Record<string, string | undefined>;
}

export function createOutput({ json, stdout, stderr, env }: OutputOptions): Output {
  const isTerminal = stderr.isTTY === true && env['TERM'] !== 'dumb';
  const colorsOf = (stream: Stream) => picocolors.createColors(mayColor(stream, env));
  const print = (stream: Stream, lines: readonly string[]) => {
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
  };
  const printJson = (value: unknown) => print(stdout, [JSON.stringify(value)]);
  return {
    json,
    isTerminal,
    get columns() {
      return stderr.columns ?? 80;
    },
    colors: colorsOf(stderr),
    note: (text) => print(stderr, [text]),
    result: (lines, value) => (json ? printJson(value) : print(stdout, lines(colorsOf(stdout)))),
    badResult: (lines, value) => {
      print(stderr, lines(colorsOf(stderr)));
      if (json) printJson(value);
    },
  };
}

/** @see https://no-color.org */
function mayColor(stream: Stream, env: Record<string, string | undefined>): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
