import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheSource, pathSource, proven } from '../../src/dev/local-binary.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { tempFolder } from './temp-folder.ts';

async function program(folder: string, body: string): Promise<string> {
  const path = join(folder, 'temporal');
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

test('pathSource() finds the first executable on PATH and passes over files that are not', async () => {
  const [empty, plain, good] = [await tempFolder(), await tempFolder(), await tempFolder()];
  await writeFile(join(plain, 'temporal'), '');
  const path = await program(good, 'exit 0');

  const source = pathSource('temporal', { PATH: [empty, plain, good].join(delimiter) });
  await expect(source.find()).resolves.toEqual({ path });
});

test('pathSource() gives a reason when PATH has no such program', async () => {
  const source = pathSource('temporal', { PATH: await tempFolder() });
  await expect(source.find()).resolves.toEqual({ reason: 'no such program' });
});

test('a binary that runs is proven', async () => {
  const path = await program(await tempFolder(), 'echo temporal version 1');
  const source = proven(cacheSource(path), { env: {}, run: runCommand });
  await expect(source.find()).resolves.toEqual({ path });
});

test('a binary that does not run is a reason, with what it said', async () => {
  const path = await program(await tempFolder(), 'echo wrong machine >&2; exit 3');
  const source = proven(cacheSource(path), { env: {}, run: runCommand });
  await expect(source.find()).resolves.toEqual({ reason: `"${path}" does not run: wrong machine` });
});

test('runCommand() ends a command that passes its deadline', async () => {
  const command = { file: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] };
  const result = await runCommand({ ...command, env: {}, timeoutMs: 100 });
  expect(result).toEqual({ exitCode: null, output: 'no response within 0.1 s' });
});

test('runCommand() answers for a program that does not exist', async () => {
  const result = await runCommand({ file: 'no-such-program', args: [], env: {}, timeoutMs: 1000 });
  expect(result).toMatchObject({ exitCode: null, output: expect.stringContaining('ENOENT') });
});
