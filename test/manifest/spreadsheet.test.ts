import { describe, expect, test } from 'vitest';
import { read, problemsOf } from './read.ts';

const rowsOf = async (...given: Parameters<typeof read>) =>
  (await read(...given)).rows.map(({ key, line, request }) => ({ key, line, body: request.body }));

const cat = { key: 'a', line: 2, body: { model: 'kling-v1', prompt: 'A cat, a dog' } };

describe('a CSV file as a spreadsheet saves it', () => {
  test.each([
    ['semicolons', 'key;model;prompt\r\na;kling-v1;A cat, a dog\r\n'],
    ['tabs', 'key\tmodel\tprompt\na\tkling-v1\tA cat, a dog\n'],
    ['commas and quotes', 'key,model,prompt\na,kling-v1,"A cat, a dog"\n'],
    ['semicolons and a mark', '\u{FEFF}key;model;prompt\na;kling-v1;A cat, a dog\n'],
    ['quotes around every cell', '"key";"model";"prompt"\n"a";"kling-v1";"A cat, a dog"\n'],
    ['other letters in its header', ' Key ,MODEL,Prompt\na,kling-v1,"A cat, a dog"\n'],
  ])('is read with %s', async (_, text) => {
    expect(await rowsOf(text)).toMatchObject([cat]);
  });

  test.each(['sep=;', '"sep=;"', 'SEP=;'])('is read as its line %s says', async (line) => {
    const text = `${line}\r\nkey;model;prompt\r\na;kling-v1;A cat, a dog\r\n`;
    expect(await rowsOf(text)).toMatchObject([{ ...cat, line: 3 }]);
  });

  test('has its defaults behind the same separator', async () => {
    const text = '#Model=kling-v1;;\nkey;prompt;size\na;A cat, a dog;\n';
    expect(await rowsOf(text)).toMatchObject([{ ...cat, line: 3 }]);
  });

  test.each([
    ['little-endian', (text: string) => Buffer.from(text, 'utf16le')],
    ['big-endian', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('is read as UTF-16 with a mark: %s', async (_, encode) => {
    const text = '\u{FEFF}key\tmodel\tprompt\na\tkling-v1\t猫が眠る\n';
    expect(await rowsOf(encode(text))).toMatchObject([{ body: { prompt: '猫が眠る' } }]);
  });

  test.each([
    ['TRUE', true],
    ['FALSE', false],
    ['WAHR', true],
    ['FALSCH', false],
    ['VRAI', true],
    ['ЛОЖЬ', false],
    ['true', true],
    ['"TRUE"', 'TRUE'],
    ['True story', 'True story'],
  ])('has %s under metadata.* for %j', async (cell, value) => {
    const quoted = `"${cell.replaceAll('"', '""')}"`;
    const [row] = await rowsOf(`model,prompt,metadata.audio\nkling-v1,A cat,${quoted}\n`);
    expect(row?.body).toMatchObject({ metadata: { audio: value } });
  });
});

describe('columns that people keep for themselves', () => {
  const text = 'key,model,prompt,_owner,Price\na,kling-v1,"A cat, a dog",=SUM(A1),12\n';

  test('say nothing, where they begin with _ or are named', async () => {
    expect(await rowsOf(text, { ignoreColumns: ['price'] })).toMatchObject([cat]);
  });

  test('are refused otherwise', async () => {
    expect(await problemsOf(text)).toEqual([expect.stringMatching(/^1 Price: unknown column/)]);
  });

  test('say nothing in JSONL either', async () => {
    const line = JSON.stringify({ ...cat.body, key: 'a', _owner: 'me', price: 12 });
    const given = { name: 'rows.jsonl', ignoreColumns: ['price'] };
    expect(await rowsOf(`${line}\n`, given)).toMatchObject([{ key: 'a', body: cat.body }]);
  });
});
