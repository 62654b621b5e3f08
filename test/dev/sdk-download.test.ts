import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sdkRung } from '../../src/dev/sdk-download.ts';
import { tempFolder } from './temp-folder.ts';

/** The rung over a library of ours, whose `createLocal()` has the given body. */
async function rungOver(createLocal: string) {
  const cacheDir = await tempFolder();
  const library = join(await tempFolder(), 'library.cjs');
  await writeFile(
    library,
    `const { writeFileSync } = require('node:fs');
     exports.TestWorkflowEnvironment = { async createLocal({ server: { executable } }) { ${createLocal} } };`,
  );
  const target = join(cacheDir, 'temporal-1.2.3-here');
  const place = { target, cacheDir, env: process.env, onProgress: () => {} };
  const rung = sdkRung({ version: '1.2.3', library, stallLimitMs: 1_500, ...place });
  return { rung, cacheDir, target };
}

test('sdkRung() takes the file as soon as it is whole, without waiting for a server', async () => {
  const { rung, cacheDir, target } = await rungOver(`
    writeFileSync(executable.downloadDir + '/temporal-' + executable.version, 'binary');
    return new Promise(() => setInterval(() => {}, 1000));`);

  await expect(rung.find()).resolves.toEqual({ path: target });
  await expect(readFile(target, 'utf8')).resolves.toBe('binary');
  await expect(readdir(cacheDir)).resolves.toEqual(['temporal-1.2.3-here']);
});

test('sdkRung() gives the last clause of what the SDK said as its reason', async () => {
  const { rung } = await rungOver(
    `throw new Error('failed to download: error sending request for url (https://x.test/?a=b): dns error: no such host');`,
  );
  await expect(rung.find()).resolves.toEqual({ reason: 'dns error: no such host' });
});

test('sdkRung() gives up a download that stands still, and leaves nothing behind', async () => {
  const { rung, cacheDir } = await rungOver(
    'return new Promise(() => setInterval(() => {}, 1000));',
  );

  await expect(rung.find()).resolves.toEqual({ reason: 'no bytes within 1.5 s' });
  await expect(readdir(cacheDir)).resolves.toEqual([]);
});
