import { isMap, isSeq, type Document, type Node, type YAMLMap } from 'yaml';
import { didYouMean } from '../rows/did-you-mean.ts';
import { shownCell } from '../rows/field-error.ts';
import type { Report } from '../manifest-error.ts';
import type { RawManifest, RawRow } from './raw-manifest.ts';
import { yamlDocument } from './yaml-document.ts';

/** Reads the rows of a YAML text: a list of rows, or a map of `defaults` and `rows`. */
export function yamlRows(text: string, report: Report): RawManifest {
  const read = yamlDocument(text, report);
  const root = read?.document.contents;
  if (!read || !root) return nothing;
  const reader: Reader = { ...read, report };
  if (isSeq<Node>(root)) return { defaults: [], rows: readList(root.items, reader) };
  if (isMap<Node, Node | null>(root)) return readMap(root, reader);
  report({ line: read.lineOf(root), message: 'it must be a list of rows, or defaults: and rows:' });
  return nothing;
}

const nothing: RawManifest = { defaults: [], rows: [] };

interface Reader {
  document: Document;
  lineOf(node: Node): number;
  report: Report;
}

function readMap(root: YAMLMap<Node, Node | null>, reader: Reader): RawManifest {
  const { report, lineOf } = reader;
  for (const { key } of root.items) {
    const name = String(key);
    if (name === 'defaults' || name === 'rows') continue;
    const message = `is neither "defaults" nor "rows"${didYouMean(name, ['defaults', 'rows'])}`;
    report({ line: lineOf(key), field: name, message });
  }
  const defaults = root.get('defaults', true);
  const rows = root.get('rows', true);
  if (!isSeq<Node>(rows)) {
    report({ line: lineOf(root), field: 'rows', message: 'is missing or is not a list of rows' });
    return nothing;
  }
  return {
    defaults: defaults === undefined ? [] : readObject(defaults, reader),
    rows: readList(rows.items, reader),
  };
}

function readList(items: readonly Node[], reader: Reader): RawManifest['rows'] {
  return items.flatMap((item) => readObject(item, reader));
}

function readObject(
  node: Node,
  { document, lineOf, report }: Reader,
): (RawRow & { line: number })[] {
  const line = lineOf(node);
  const value: unknown = node.toJS(document);
  if (isMap(node)) return [{ line, fields: value as Record<string, unknown> }];
  report({ line, message: `it must be a map of fields, not ${shownCell(value)}` });
  return [];
}
