import { stringify as csv } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify as yaml } from 'yaml';
import type { BatchRow } from '../../src/contract/batch.ts';
import { read } from './read.ts';

type Row = Record<string, unknown>;

/** Any text that may stand in a prompt; in CSV it must not begin like a formula. */
const prompt = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...Array.from('",;\n\r\t #:-\\{}a😀')) }),
  )
  .filter((text) => text.trim() !== '' && !/^[=+\-@#]|\0/.test(text));
const word = fc.stringMatching(/^[a-z0-9][a-z0-9 ._,"';:#-]{0,12}[a-z0-9]$/);
const name = fc.stringMatching(/^[a-z]{1,5}$/);
const scalar = fc.oneof(
  prompt,
  fc.boolean(),
  fc.integer(),
  fc.constantFrom('5', 'true', 'null', '"', '1e999'),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((n) => n || 0),
);

const row = fc.record(
  {
    key: word,
    model: word,
    prompt,
    format: fc.constantFrom('videos', 'generations'),
    duration: fc.integer({ min: 1, max: 3600 }),
    size: word,
    images: fc.array(fc.webUrl({ withQueryParameters: true }), { minLength: 1, maxLength: 3 }),
    metadata: fc.dictionary(name, scalar, { minKeys: 1, maxKeys: 3 }),
    tags: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
    output: fc.stringMatching(/^[a-z0-9]{1,8}\.mp4$/),
  },
  { requiredKeys: ['key', 'model', 'prompt'] },
) satisfies fc.Arbitrary<Row>;

const rowSet = fc
  .uniqueArray(row, { minLength: 1, maxLength: 6, selector: ({ key }) => key })
  .map((rows) =>
    rows.map((each, index) => ({
      ...each,
      ...(each.output && { output: `${index}${each.output}` }),
    })),
  );

/** As a person writes it: metadata in dotted columns, a text in quotes where it would be read as JSON. */
function asCsv(rows: readonly Row[], lineEnd: string): string {
  const flat = rows.map(({ metadata = {}, ...fields }) => {
    const dotted = Object.entries(metadata as Row).map(([field, value]) => {
      return [`metadata.${field}`, JSON.stringify(value)];
    });
    const lists = Object.entries(fields).map(([field, value]) => {
      return [field, Array.isArray(value) ? JSON.stringify(value) : value];
    });
    return Object.fromEntries([...lists, ...dotted]) as Row;
  });
  const columns = [...new Set(flat.flatMap((each) => Object.keys(each)))];
  return csv(flat, {
    header: true,
    columns: columns.map((key) => ({ key })),
    record_delimiter: lineEnd,
    quoted_match: /[\r\n]/,
  });
}

function withoutLines(rows: readonly BatchRow[]) {
  return rows.map((each) => ({ ...each, line: 0 }));
}

test('any rows read back the same from CSV, JSONL and YAML', async () => {
  await fc.assert(
    fc.asyncProperty(
      rowSet,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (rows, end, bom) => {
        const mark = bom ? '\u{FEFF}' : '';
        const jsonl = rows.map((each) => JSON.stringify(each)).join(end);
        const fromJsonl = await read(mark + jsonl, { name: 'rows.jsonl' });
        const fromYaml = await read(mark + yaml({ rows }), { name: 'rows.yaml' });
        const fromCsv = await read(mark + asCsv(rows, end));
        expect(fromJsonl.rows.map(({ line }) => line)).toEqual(rows.map((_, index) => index + 1));
        expect(
          fromJsonl.rows.map(({ key, request }) => [key, request.body.model, request.body.prompt]),
        ).toEqual(rows.map((each) => [each.key, each.model, each.prompt]));
        expect(withoutLines(fromYaml.rows)).toEqual(withoutLines(fromJsonl.rows));
        expect(withoutLines(fromCsv.rows)).toEqual(withoutLines(fromJsonl.rows));
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test('no bytes at all make the reader fail otherwise than with a list of problems', async () => {
  const piece = fc.constantFrom(
    ...'model prompt key kling-v1 A rows: - " \n \r , = #x=y { } [ ] : null * & | > % --- ! \' \\ é'.split(
      ' ',
    ),
  );
  const text = fc.oneof(
    fc.array(piece).map((pieces) => pieces.join('')),
    fc.array(piece).map((pieces) => pieces.join(' ')),
    fc.string({ unit: 'binary' }),
  );
  const name = fc.constantFrom('rows.csv', 'rows.jsonl', 'rows.yaml');
  await fc.assert(
    fc.asyncProperty(text, name, async (given, file) => {
      const error: unknown = await read(given, { name: file }).catch((reason: unknown) => reason);
      if (error instanceof Error) expect(error).toHaveProperty('name', 'ManifestError');
    }),
    { numRuns: 300 },
  );
}, 60_000);
