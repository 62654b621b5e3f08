import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { maxManifestBytes } from '../../src/manifest/limits.ts';
import { readManifest, readManifestFile } from '../../src/manifest/read-manifest.ts';
import { imageFolder, problemsOf, read, today } from './read.ts';

const csv = 'model,prompt\nkling-v1,A cat\nkling-v1,Ein Kätzchen\n';
const advice = 'save it as UTF-8 (in Excel: "CSV UTF-8")';

const notUtf8 = `it is not UTF-8, maybe Latin-1, GBK or Shift-JIS: ${advice}`;
const workbook = `it is a spreadsheet workbook, not a text file: ${advice}`;

describe('a file is refused when it is', () => {
  test.each<[string, Uint8Array, string[]]>([
    ['empty', Buffer.from(''), ['it is empty']],
    ['a byte order mark alone', Buffer.from('\u{FEFF}'), ['it is empty']],
    [
      'UTF-16 without a byte order mark',
      Buffer.from(csv, 'utf16le'),
      [`it is UTF-16 without a byte order mark: ${advice}`],
    ],
    [
      'UTF-16 that is cut',
      Buffer.from(`\u{FEFF}${csv}`, 'utf16le').subarray(0, -1),
      [`it has a UTF-16 byte order mark but is not valid UTF-16: ${advice}`],
    ],
    ['Latin-1', Buffer.from(csv, 'latin1'), [`3: ${notUtf8}`]],
    [
      'GBK',
      Buffer.from('model,prompt\nkling-v1,\xc3\xa8\n', 'latin1').fill(0xb0, 22, 24),
      [`2: ${notUtf8}`],
    ],
    [
      'Shift-JIS',
      Buffer.concat([Buffer.from('model,prompt\nm,'), Buffer.from([0x94, 0x4c])]),
      [`2: ${notUtf8}`],
    ],
    ['a workbook', Buffer.from('PK\x03\x04 and more'), [workbook]],
    [
      'binary',
      Buffer.from('model\n\0x'),
      [`2: it contains a NUL byte, so it is not text: ${advice}`],
    ],
  ])('%s', async (_, bytes, problems) => {
    expect(await problemsOf(bytes)).toEqual(problems);
  });

  test('of another kind by its name', async () => {
    const message = 'its name must end in one of .csv, .jsonl, .ndjson, .yaml, .yml';
    expect(await problemsOf(csv, { name: 'rows.xlsx' })).toEqual([workbook]);
    expect(await problemsOf(csv, { name: 'rows' })).toEqual([message]);
  });

  test('a stream that does not end, after no more than the limit', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += chunk.length;
        yield chunk;
      }
    }
    const { referToImage } = imageFolder();
    const reading = readManifest(endless(), { name: 'a.csv', date: today, referToImage });
    await expect(reading).rejects.toThrow('it has more than 32 MiB: split it into several');
    expect(sent).toBe(maxManifestBytes + chunk.length);
  });
});

describe('a file on disk', () => {
  async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
    try {
      await run(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const options = { date: today, referToImage: imageFolder().referToImage };

  test('is read as its bytes are', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'rows.csv');
      await writeFile(path, csv);
      expect((await readManifestFile(path, options)).rows).toEqual((await read(csv)).rows);
    }));

  test('of 100 MB is refused by its size', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'rows.csv');
      await writeFile(path, '');
      await truncate(path, 100_000_000);
      await expect(readManifestFile(path, options)).rejects.toThrow('it has more than 32 MiB');
    }));

  test('that is a pipe is read up to the limit', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'rows.csv');
      await promisify(execFile)('mkfifo', [path]);
      const [manifest] = await Promise.all([readManifestFile(path, options), writeFile(path, csv)]);
      expect(manifest.rows).toHaveLength(2);
    }));

  test('that is not there, or is a folder, is said so', () =>
    inFolder(async (folder) => {
      const missing = readManifestFile(join(folder, 'rows.csv'), options);
      await expect(missing).rejects.toThrow('rows.csv": there is no such file');
      await expect(readManifestFile(folder, options)).rejects.toThrow('it is a folder');
    }));
});
