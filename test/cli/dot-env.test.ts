import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../src/cli/context.ts';
import { loadEnv } from '../../src/cli/load-env.ts';

const text = 'GATEWAY_API_KEY=sk-test\r\nSTORAGE_URL=./videos\r\n';
const values = { GATEWAY_API_KEY: 'sk-test', STORAGE_URL: './videos' };

async function folderWith(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-env-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, '.env'), bytes);
  return folder;
}

describe('a .env file is read', () => {
  test.each([
    ['as UTF-8', Buffer.from(text)],
    ['as UTF-8 with a mark', Buffer.from(`\u{FEFF}${text}`)],
    ['as UTF-16', Buffer.from(`\u{FEFF}${text}`, 'utf16le')],
    ['as big-endian UTF-16', Buffer.from(`\u{FEFF}${text}`, 'utf16le').swap16()],
  ])('%s', async (_, bytes) => {
    expect(loadEnv(await folderWith(bytes), {})).toEqual(values);
  });

  test('under the variables that are set', async () => {
    const folder = await folderWith(Buffer.from(text));
    expect(loadEnv(folder, { STORAGE_URL: 's3://b' })['STORAGE_URL']).toBe('s3://b');
  });
});

test.each([
  [
    'UTF-16 without a byte order mark',
    Buffer.from(text, 'utf16le'),
    /UTF-16 without a byte order mark: save it as UTF-8/,
  ],
  ['another encoding', Buffer.from(`${text}NAME=\xe4\n`, 'latin1'), /line 3: it is not UTF-8/],
])('a .env file in %s is refused with what to do', async (_, bytes, message) => {
  const folder = await folderWith(bytes);
  expect(() => loadEnv(folder, {})).toThrow(UsageError);
  expect(() => loadEnv(folder, {})).toThrow(message);
});
