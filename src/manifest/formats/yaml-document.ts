import {
  Composer,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type Document,
  type CST,
  type Node,
} from 'yaml';
import { FieldError } from '../rows/field-error.ts';
import { maxDepth, maxManifestRows } from '../limits.ts';
import type { Report } from '../manifest-error.ts';

/** 100 for each row; the parser keeps them all, and of a file full of tiny ones it runs out of memory. */
const maxLexemes = 100 * maxManifestRows;
const tooManyLexemes = `it has more than ${maxLexemes} YAML tokens: split it, or write it as JSONL`;

export interface YamlDocument {
  document: Document;
  /** The line where a node begins, from 1. */
  lineOf(node: Node): number;
}

/** The one document of a YAML text, when nothing is wrong with its syntax. */
export function yamlDocument(text: string, report: Report): YamlDocument | undefined {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  let sound = true;
  const refuse = (line: number, message: string) => {
    sound = false;
    report({ line, message });
  };
  const documents = compose(text, { lines, refuse });
  for (const { errors, warnings } of documents) {
    for (const { pos, message } of [...errors, ...warnings]) {
      refuse(lineAt(pos[0]), `it is not YAML as expected: ${message}`);
    }
  }
  const [document, second] = documents;
  if (second) refuse(lineAt(second.range[0]), 'a second YAML document begins here: keep one');
  if (document) refuseAliases(document, (offset) => refuse(lineAt(offset), noAliases));
  if (!document || !sound) return undefined;
  return { document, lineOf: (node) => lineAt(node.range?.[0] ?? 0) };
}

/** An alias can make a row of gigabytes out of a line (the "billion laughs"), and `defaults` do what they are for. */
const noAliases = 'YAML aliases (*name) are not read: repeat the value, or use defaults';

interface Composing {
  lines: LineCounter;
  refuse: (line: number, message: string) => void;
}

function compose(text: string, { lines, refuse }: Composing): Document.Parsed[] {
  const composer = new Composer({ schema: 'core', stringKeys: true, prettyErrors: false });
  try {
    return [...composer.compose(tokens(text, lines), true, text.length)];
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    refuse(lines.lineStarts.length, error.message);
    return [];
  }
}

/**
 * The parser's tokens, up to a depth: the step after it is recursive, and text that is nested by the thousand was seen
 * to abort the whole process (yaml 2.9.1).
 */
function* tokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > maxLexemes) throw new FieldError(tooManyLexemes);
    yield* parser.next(lexeme);
    if (parser.stack.length > maxDepth)
      throw new FieldError(`it is nested in more than ${maxDepth} levels`);
  }
  yield* parser.end();
}

function refuseAliases(document: Document, refuse: (offset: number) => void): void {
  visit(document, {
    Alias: (_, { range }) => {
      refuse(range?.[0] ?? 0);
    },
  });
}
