import { describe, expect, test } from 'vitest';
import { givenBody, checkedRequest, requestFromFlags } from '../../src/cli/video/build-request.ts';
import { readRequest } from '../../src/contract/read-request.ts';
import { ManifestError } from '../../src/manifest/manifest-error.ts';
import { readManifest } from '../../src/manifest/read-manifest.ts';

const fromBody = (text: string) => checkedRequest(givenBody(text));
const asBody = (more: string) => `{"model":"m","prompt":"p",${more}}`;

/** Values that JSON.parse or JSON.stringify changes silently. */
const changed: [string, string][] = [
  ['"seed":9007199254740993', 'body.seed'],
  ['"seed":-9007199254740993', 'body.seed'],
  ['"seed":12345678901234567890', 'body.seed'],
  ['"metadata":{"deep":[{"seed":12345678901234567890}]}', 'body.metadata.deep.0.seed'],
  ['"scale":1e400', 'body.scale'],
  ['"text":"\\ud800"', 'body.text'],
  ['"text":"a\\u0000b"', 'body.text'],
  ['"metadata":{"a\\u0000":1}', 'body.metadata'],
];

describe('a value that would not reach the gateway as it was written is refused', () => {
  test.each(changed)('%s, by client, command line and worker', (more, field) => {
    const body: unknown = JSON.parse(asBody(more));
    expect(readRequest({ format: 'videos', body })).toMatchObject({ ok: false, field });
    expect(() => fromBody(asBody(more))).toThrow(`"${field}"`);
  });

  test.each(changed.filter(([more]) => more.includes('metadata') || more.includes('seed')))(
    '%s, by a manifest',
    async (more) => {
      const inner = more.startsWith('"metadata":') ? more : `"metadata":{${more}}`;
      await expect(manifest(asBody(inner))).rejects.toBeInstanceOf(ManifestError);
    },
  );

  test('a request with too many levels is refused', () => {
    const deep = `"a":${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const body: unknown = JSON.parse(asBody(deep));
    expect(readRequest({ format: 'videos', body })).toMatchObject({ ok: false });
  });

  test('an accepted request is kept byte for byte', () => {
    const body = asBody('"seed":9007199254740991,"scale":0.1,"zero":-1e-7,"text":"😀 é","n":null');
    expect(JSON.stringify(fromBody(body).body)).toBe(body);
  });
});

describe('a model id', () => {
  test.each([' kling-v1', 'kling-v1 ', 'kling-v1\t', 'kling-v1\u00a0', ' '])(
    '%j with white space at an end is refused everywhere',
    async (model) => {
      const body = { model, prompt: 'p' };
      expect(readRequest({ format: 'videos', body })).toMatchObject({ field: 'body.model' });
      expect(() => checkedRequest(requestFromFlags(body))).toThrow('"body.model"');
      expect(() => fromBody(JSON.stringify(body))).toThrow('"body.model"');
      await expect(manifest(JSON.stringify(body))).rejects.toBeInstanceOf(ManifestError);
    },
  );

  test.each(['Kling-V1', 'Seedance 2.0  720p官方版', 'cafe\u0301', 'a/b:c'])(
    '%j is kept byte for byte',
    async (model) => {
      const body = { model, prompt: 'p' };
      expect(readRequest({ format: 'videos', body })).toMatchObject({ request: { body } });
      const { rows } = await manifest(JSON.stringify(body));
      expect(rows[0]?.request.body.model).toBe(model);
    },
  );
});

function manifest(row: string) {
  return readManifest(Buffer.from(row), {
    name: 'a.jsonl',
    date: '2026-11-29',
    referToImage: async () => ({ problem: 'none' }),
  });
}
