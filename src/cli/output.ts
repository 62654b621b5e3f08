import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where words go: people read stderr while waiting and stdout at the end; programs read one object on stdout. */
export interface Output {
  json: boolean;
  /** Whether a person sees stderr on a terminal. */
  isTerminal: boolean;
  /** Width of that terminal. */
  columns: number;
  /** For stderr. */
  colors: Colors;
  /** One line or more while the command runs, on stderr. */
  note(text: string): void;
  /** What the command was asked for: lines for people, or the object for programs, on stdout; at most once. */
  result(lines: (colors: Colors) => string[], value: unknown): void;
  /** The same for a bad end: the lines go to stderr, the object still to stdout. */
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
