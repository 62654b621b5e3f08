import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sdkSource } from '../../src/dev/sdk-download.ts';
import { tempFolder } from './temp-folder.ts';

/** The source over a library of ours, whose `createLocal()` has the given body. */
async function sourceOver(createLocal: string) {
  const cacheDir = await tempFolder();
  const library = join(await tempFolder(), 'library.cjs');
  await writeFile(
    library,
    `const { writeFileSync } = require('node:fs');
     exports.TestWorkflowEnvironment = { async createLocal({ server: { executable } }) { ${createLocal} } };`,
  );
  const target = join(cacheDir, 'temporal-1.2.3-here');
  const place = { target, cacheDir, env: process.env, onProgress: () => {} };
  const source = sdkSource({ version: '1.2.3', library, stallLimitMs: 1_500, ...place });
  return { source, cacheDir, target };
}

test('sdkSource() takes the file as soon as it is whole, without waiting for a server', async () => {
  const { source, cacheDir, target } = await sourceOver(`
    writeFileSync(executable.downloadDir + '/temporal-' + executable.version, 'binary');
    return new Promise(() => setInterval(() => {}, 1000));`);

  await expect(source.find()).resolves.toEqual({ path: target });
  await expect(readFile(target, 'utf8')).resolves.toBe('binary');
  await expect(readdir(cacheDir)).resolves.toEqual(['temporal-1.2.3-here']);
});

test('sdkSource() gives the last clause of what the SDK said as its reason', async () => {
  const { source } = await sourceOver(
    `throw new Error('failed to download: error sending request for url (https://x.test/?a=b): dns error: no such host');`,
  );
  await expect(source.find()).resolves.toEqual({ reason: 'dns error: no such host' });
});

test('sdkSource() gives up a download that stands still, and leaves nothing behind', async () => {
  const { source, cacheDir } = await sourceOver(
    'return new Promise(() => setInterval(() => {}, 1000));',
  );

  await expect(source.find()).resolves.toEqual({ reason: 'no bytes within 1.5 s' });
  await expect(readdir(cacheDir)).resolves.toEqual([]);
});
