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

/** 100 per row. The parser keeps all tokens in memory, and a file of many tiny tokens would exhaust it. */
const maxLexemes = 100 * maxManifestRows;
const tooManyLexemes = `it has more than ${maxLexemes} YAML tokens: split it, or write it as JSONL`;

export interface YamlDocument {
  document: Document;
  /** First line of a node, from 1. */
  lineOf(node: Node): number;
}

/** Parses the single document of a YAML text. Undefined if the syntax is invalid. */
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
      refuse(lineAt(pos[0]), `it cannot be read as YAML: ${message}`);
    }
  }
  const [document, second] = documents;
  if (second) refuse(lineAt(second.range[0]), 'a second YAML document begins here: keep one');
  if (document) refuseAliases(document, (offset) => refuse(lineAt(offset), noAliases));
  if (!document || !sound) return undefined;
  return { document, lineOf: (node) => lineAt(node.range?.[0] ?? 0) };
}

/** An alias can expand one line to gigabytes (the "billion laughs" attack), and `defaults` serve the same purpose. */
const noAliases = 'YAML aliases (*name) are not supported: repeat the value, or use defaults';

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
 * The parser's tokens, up to a maximum depth. The next step of the parser is recursive, and thousands of nesting levels
 * aborted the whole process (yaml 2.9.1).
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
