import { describe, expect, test } from 'vitest';
import { maxManifestRows } from '../../src/manifest/limits.ts';
import { errorOf, problemsOf } from './read.ts';

const cat = { model: 'kling-v1', prompt: 'A cat' };
const jsonl = { name: 'rows.jsonl' };

function lines(...rows: object[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

describe('a row is refused for', () => {
  test.each<[string, object, string[]]>([
    [
      'no model and no prompt',
      {},
      ['1 model: is missing: name one, e.g. kling-v1', '1 prompt: is missing: say what to show'],
    ],
    ['a blank prompt', { ...cat, prompt: ' \n' }, ['1 prompt: is blank']],
    [
      'a prompt that is a number',
      { ...cat, prompt: 7 },
      ['1 prompt: "7" must be a text: put it in quotes'],
    ],
    [
      'a prompt with a NUL',
      { ...cat, prompt: 'a\0' },
      ['1 prompt: "a�" contains a NUL or a lone surrogate'],
    ],
    [
      'spaces around the model',
      { ...cat, model: ' kling-v1' },
      ['1 model: " kling-v1" has leading or trailing spaces: remove them'],
    ],
    [
      'half a second',
      { ...cat, duration: 2.5 },
      ['1 duration: "2.5" must be whole seconds, e.g. 5'],
    ],
    [
      'a length in words',
      { ...cat, seconds: 'five' },
      ['1 seconds: "five" must be whole seconds, e.g. 5'],
    ],
    [
      'two lengths',
      { ...cat, duration: 5, seconds: 8 },
      ['1 seconds: cannot be combined with "duration": use only one of them'],
    ],
    [
      'two kinds of images',
      { ...cat, image: 'cat.png', images: ['cat.png'] },
      ['1 images: cannot be combined with "image": use only one of them'],
    ],
    [
      'an unknown format',
      { ...cat, format: 'openai' },
      ['1 format: "openai" must be generations or videos'],
    ],
    [
      'a size in numbers',
      { ...cat, size: 720 },
      ['1 size: "720" must be a text: put it in quotes'],
    ],
    [
      'an image that is not there',
      { ...cat, image: 'dog.png' },
      ['1 image: "dog.png": there is no such file'],
    ],
    [
      'two images where one is taken',
      { model: 'sora-2', prompt: 'A cat', images: ['http://a/b', 'http://a/c'] },
      ['1: "sora-2" takes one image, not 2'],
    ],
    [
      'metadata that is a list',
      { ...cat, metadata: [1] },
      ['1 metadata: a list must be a JSON object'],
    ],
    [
      'metadata with a gap in its name',
      { ...cat, 'metadata..a': 1 },
      ['1 metadata..a: has an empty name between its dots'],
    ],
    [
      'metadata twice',
      { ...cat, metadata: { a: 1 }, 'metadata.a': 2 },
      ['1 metadata.a: "a" is already set in another column'],
    ],
    ['an empty tag', { ...cat, tags: 'a;;b' }, ['1 tags: is blank']],
    [
      'a tag that is a number',
      { ...cat, tags: [1] },
      ['1 tags: "1" must be a text: put it in quotes'],
    ],
    [
      'a key that is a formula',
      { ...cat, key: '-cat' },
      ['1 key: "-cat" begins like a spreadsheet formula: begin it with a letter or a digit'],
    ],
    [
      'a tag that is a formula',
      { ...cat, tags: ['@cat'] },
      ['1 tags: "@cat" begins like a spreadsheet formula: begin it with a letter or a digit'],
    ],
    [
      'a tag that the admission would refuse',
      { ...cat, tags: ['a'.repeat(65)] },
      [`1 tags: "${'a'.repeat(60)}…" has 65 bytes, more than 64: shorten it`],
    ],
    [
      'more tags than the admission takes',
      { ...cat, tags: 'abcdefghijk'.split('') },
      ['1 tags: has 11 tags, more than 10'],
    ],
    [
      'a key that ends like a take',
      { ...cat, key: 'take-2' },
      ['1 key: "take-2" ends like a take of another video: use another ending'],
    ],
    [
      'a key with a line break',
      { ...cat, key: 'a\nb' },
      ['1 key: "a�b" contains a line break or an invisible character'],
    ],
    [
      'a key that is too long',
      { ...cat, key: 'ä'.repeat(101) },
      [`1 key: "${'ä'.repeat(60)}…" has 202 bytes, more than 200: shorten it`],
    ],
    [
      'a key with an unknown placeholder',
      { ...cat, key: 'a-{{ date }}' },
      ['1 key: "{{ date }}" is not a placeholder: the only one is {{date}}'],
    ],
    [
      'an output with a folder',
      { ...cat, output: '../cat.mp4' },
      ['1 output: "../cat.mp4" must be a file name without a folder, e.g. cat.mp4'],
    ],
    [
      'what the gateway surely refuses',
      { ...cat, duration: 4000 },
      ['1 duration: Must be whole seconds from 1 to 3600, not 4000'],
    ],
    [
      'a request that is too large',
      { ...cat, image: `data:image/png;base64,${'a'.repeat(300_000)}` },
      ['1: The request has 300097 bytes, more than 262144: pass images as files or URLs'],
    ],
  ])('%s', async (_, row, problems) => {
    expect(await problemsOf(lines(row), jsonl)).toEqual(problems);
  });

  test('the key, the request or the file of another row, and both lines are named', async () => {
    const rows = [
      { ...cat, key: 'a', output: 'Cat.mp4' },
      { ...cat, key: 'a', prompt: 'A dog', output: 'cat.mp4' },
      { ...cat, prompt: 'A cow' },
      { prompt: 'A cow', model: 'kling-v1' },
    ];
    expect(await problemsOf(lines(...rows), jsonl)).toEqual([
      '2 key: "a" is also the key of line 1: each row needs its own',
      '2 output: "cat.mp4" is also the output of line 1: each row needs its own',
      '4 key: the row requests the same video as line 3: remove it, or give it its own key',
    ]);
  });

  test('a key that is the same only on the day of the run', async () => {
    const rows = lines({ ...cat, key: '2026-11-23' }, { ...cat, key: '{{date}}' });
    expect(await problemsOf(rows, jsonl)).toEqual([
      '2 key: "2026-11-23" is also the key of line 1: each row needs its own',
    ]);
    await expect(problemsOf(rows, { ...jsonl, date: '2026-11-24' })).rejects.toThrow('was taken');
  });
});

describe('defaults are refused for', () => {
  test.each<[string, object, string[]]>([
    [
      'a key or a file for all',
      { key: 'a', output: 'b' },
      [
        '1 key: cannot be a default: each row needs its own',
        '1 output: cannot be a default: each row needs its own',
      ],
    ],
    [
      'what is unknown or wrong, once',
      { promt: 'x', model: 1 },
      [
        '1 promt: unknown column; did you mean "prompt"?',
        '1 model: "1" must be a text: put it in quotes',
      ],
    ],
  ])('%s', async (_, defaults, problems) => {
    const text = lines({ defaults }, { prompt: 'A cat' }, { prompt: 'A dog', model: 'kling-v1' });
    const all = await problemsOf(text, { ...jsonl, defaults: {} });
    expect(all.filter((problem) => problem.startsWith('1 '))).toEqual(problems);
  });
});

test('says everything at once, in the order of the file, up to a hundred problems', async () => {
  const rows = Array.from({ length: 150 }, (_, index) => ({ ...cat, duration: `${index}.5` }));
  const error = await errorOf(lines(...rows), jsonl);
  expect(error.problems.map(({ line }) => line)).toEqual(
    rows.slice(0, 100).map((_, index) => index + 1),
  );
  expect(error.more).toBe(50);
  expect(error.message).toBe(
    'Cannot use the manifest "/rows/rows.jsonl": line 1: "duration": "0.5" must be whole seconds, e.g. 5 (and 149 more)',
  );
});

test.each<[string, (count: number) => string]>([
  ['rows.csv', (count) => `model,prompt\n${'kling-v1,A cat\n'.repeat(count)}`],
  ['rows.jsonl', (count) => '{"model":"kling-v1","prompt":"A cat"}\n'.repeat(count)],
  ['rows.yaml', (count) => '- {}\n'.repeat(count)],
])('%s with too many rows is refused as a whole', async (name, rows) => {
  const problems = await problemsOf(rows(maxManifestRows + 1), { name });
  expect(problems).toEqual(['it has more than 20000 rows: split it into several']);
});

test('each error has the text that the row has in that field, and more errors than are listed are kept', async () => {
  const rows = Array.from({ length: 101 }, () => 'sora-2,A cat,soon');
  const error = await errorOf(`model,prompt,seconds\n${rows.join('\n')}\n`);
  expect([error.problems.length, error.more, error.all.length]).toEqual([100, 1, 101]);
  const last = error.all[100] ?? { message: '' };
  expect(last.line).toBe(102);
  expect(error.textIn(last)).toBe('soon');
  expect(error.textIn({ line: 102, field: 'nothing', message: '' })).toBe(undefined);
  expect(error.textIn({ message: '' })).toBe(undefined);
});
