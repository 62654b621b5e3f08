import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolsFile } from '../../src/dev/binary-cache.ts';
import { goSource, pinnedModule } from '../support/go-install.ts';
import type { Command, CommandResult } from '../../src/dev/run-command.ts';
import { tempFolder } from './temp-folder.ts';

const module = { path: 'example.com/server', version: 'v1.2.3', sum: 'h1:pinned=' };

async function sourceOver(go: (command: Command) => Promise<CommandResult>) {
  const cacheDir = await tempFolder();
  const target = join(cacheDir, 'server-v1.2.3');
  const commands: Command[] = [];
  const run = (command: Command): Promise<CommandResult> => {
    commands.push(command);
    return go(command);
  };
  const place = { module, command: 'cmd/server', target, cacheDir, env: {}, run };
  return { source: goSource({ ...place, onProgress: () => {} }), cacheDir, target, commands };
}

const downloaded = (Sum: string): CommandResult => ({
  exitCode: 0,
  output: `go: downloading example.com/server v1.2.3\n${JSON.stringify({ Path: 'x', Sum })}`,
});

/** Does to the disk what Go does. */
async function workingGo({ args, env }: Command): Promise<CommandResult> {
  if (args[0] === 'mod') return downloaded(module.sum);
  await writeFile(join(String(env['GOBIN']), 'server'), 'binary');
  return { exitCode: 0, output: '' };
}

test('the pinned module is the line of go.sum in the file', async () => {
  expect(await pinnedModule(toolsFile('versitygw.txt'))).toEqual({
    path: 'github.com/versity/versitygw',
    version: expect.stringMatching(/^v\d+\.\d+\.\d+$/) as string,
    sum: expect.stringMatching(/^h1:.{43}=$/) as string,
  });
  await expect(pinnedModule(toolsFile('temporal-cli.txt'))).rejects.toThrow(/pinned module/);
});

test('goSource() ends with the binary in the cache, and nothing else', async () => {
  const { source, cacheDir, target, commands } = await sourceOver(workingGo);
  expect(await source.find()).toEqual({ path: target });
  expect(await readdir(cacheDir)).toEqual(['server-v1.2.3']);
  expect(await readFile(target, 'utf8')).toBe('binary');
  expect(commands.map(({ file, args }) => [file, ...args].join(' '))).toEqual([
    'go mod download -json example.com/server@v1.2.3',
    'go install example.com/server/cmd/server@v1.2.3',
  ]);
});

test('a source with another hash is a clear reason, and is never built', async () => {
  const { source, cacheDir, commands } = await sourceOver(async () => downloaded('h1:another='));
  expect(await source.find()).toEqual({
    reason: 'the source of example.com/server v1.2.3 does not have the pinned hash',
  });
  expect(commands).toHaveLength(1);
  expect(await readdir(cacheDir)).toEqual([]);
});

test('what Go says is the reason, without addresses', async () => {
  const output = 'go: GET "https://user:password@proxy.example/x": no such host';
  const { source } = await sourceOver(async () => ({ exitCode: 1, output }));
  expect(await source.find()).toEqual({
    reason: 'go mod download failed: go: GET "<address> no such host',
  });
});

test('a build that fails leaves nothing in the cache', async () => {
  const { source, cacheDir } = await sourceOver(async ({ args }) =>
    args[0] === 'mod' ? downloaded(module.sum) : { exitCode: 2, output: 'it does not compile' },
  );
  expect(await source.find()).toEqual({ reason: expect.stringContaining('compile') as string });
  expect(await readdir(cacheDir)).toEqual([]);
});
