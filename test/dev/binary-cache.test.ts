import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  defaultCacheDir,
  installIntoCache,
  pinnedVersion,
  toolsFile,
} from '../../src/dev/binary-cache.ts';
import { tempFolder } from './temp-folder.ts';

test.each(['temporal-cli.txt', 'temporal-test-server.txt'])(
  '%s pins one version with a hash for each of four platforms',
  async (name) => {
    const text = await readFile(toolsFile(name), 'utf8');
    await expect(pinnedVersion(toolsFile(name))).resolves.toMatch(/^\d+\.\d+\.\d+$/);
    expect(
      new Set(text.match(/--hash=sha256:[0-9a-f]{64}$|--hash=sha256:[0-9a-f]{64} \\$/gm)).size,
    ).toBe(4);
  },
);

test('defaultCacheDir() follows XDG_CACHE_HOME', () => {
  expect(defaultCacheDir({ XDG_CACHE_HOME: '/caches', HOME: '/home/me' })).toBe('/caches/onetake');
});

test('installIntoCache() shows the binary only once it is whole, and executable', async () => {
  const cacheDir = await tempFolder();
  const target = join(cacheDir, 'temporal');
  let seenWhileUnpacking: string[] = [];

  await installIntoCache(target, cacheDir, async (workDir) => {
    await writeFile(join(workDir, 'half'), 'binary');
    seenWhileUnpacking = await readdir(cacheDir);
    return join(workDir, 'half');
  });

  expect(seenWhileUnpacking).not.toContain('temporal');
  await expect(readdir(cacheDir)).resolves.toEqual(['temporal']);
});

test('installIntoCache() leaves nothing behind when the download fails', async () => {
  const cacheDir = await tempFolder();
  const failing = installIntoCache(join(cacheDir, 'temporal'), cacheDir, async (workDir) => {
    await writeFile(join(workDir, 'half'), 'bin');
    throw new Error('line cut');
  });

  await expect(failing).rejects.toThrow('line cut');
  await expect(readdir(cacheDir)).resolves.toEqual([]);
});

test('processes that race to install end with one whole binary', async () => {
  const cacheDir = await tempFolder();
  const target = join(cacheDir, 'temporal');
  const install = () =>
    installIntoCache(target, cacheDir, async (workDir) => {
      await writeFile(join(workDir, 'x'), 'binary');
      return join(workDir, 'x');
    });

  await Promise.all([install(), install(), install()]);
  await expect(readdir(cacheDir)).resolves.toEqual(['temporal']);
  await expect(readFile(target, 'utf8')).resolves.toBe('binary');
});

test('what a killed process left is swept at the next install, what is in use stays', async () => {
  const cacheDir = await tempFolder();
  const yesterday = new Date(Date.now() - 86_400_000);
  await mkdir(join(cacheDir, '.unpack-old'));
  await mkdir(join(cacheDir, '.unpack-live'));
  await utimes(join(cacheDir, '.unpack-old'), yesterday, yesterday);

  await installIntoCache(join(cacheDir, 'temporal'), cacheDir, async (workDir) => {
    await writeFile(join(workDir, 'x'), 'binary');
    return join(workDir, 'x');
  });
  expect((await readdir(cacheDir)).toSorted()).toEqual(['.unpack-live', 'temporal']);
});
