import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import type { CommandResult, RunCommand } from '../../src/dev/run-command.ts';
import { findNewestLts, newestLts } from '../../tools/newest-lts.ts';
import { tempFolder } from '../dev/temp-folder.ts';

/** A machine with an older Node and an empty cache, whose npm does this to the folder it is given. */
async function machine(npm: (folder: string) => Promise<CommandResult>) {
  const folder = await tempFolder();
  const commands: string[] = [];
  const run: RunCommand = ({ file, args }) => {
    commands.push([file, ...args.slice(0, 2)].join(' '));
    return npm(args.at(-1) ?? '');
  };
  const env = { HOME: folder, XDG_CACHE_HOME: folder };
  const cache = join(folder, 'onetake');
  return { cache, commands, place: { env, run, version: '20.19.0', onProgress: () => {} } };
}

describe.skipIf(process.platform !== 'linux')('the newest LTS of Node', () => {
  test('in the cache is taken from there, without asking anybody', async () => {
    const { cache, commands, place } = await machine(async () => ({ exitCode: 1, output: '' }));
    const cached = join(cache, `node-${newestLts}-${process.platform}-${process.arch}`);
    await mkdir(cache);
    await writeFile(cached, '');
    expect(await findNewestLts(place)).toBe(cached);
    expect(commands).toEqual([]);
  });

  test('of another hash than the pinned one is a fault, and is not kept', async () => {
    const { cache, commands, place } = await machine(async (folder) => {
      await writeFile(join(folder, 'node.tgz'), 'another Node');
      return { exitCode: 0, output: '' };
    });
    const wanted = findNewestLts(place);
    await expect(wanted).rejects.toThrow(/its hash is "sha512-.+", not "sha512-.+"/);
    await expect(wanted).rejects.not.toBeInstanceOf(UnavailableError);
    expect(commands).toEqual([expect.stringContaining(`@${newestLts}`)]);
    expect(await readdir(cache)).toEqual([]);
  });

  test('that the registry does not have is skipped, with the reason', async () => {
    const output = 'E404 https://name:password@registry.example/node';
    const { place } = await machine(async () => ({ exitCode: 1, output }));
    const error: unknown = await findNewestLts(place).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('E404 <address>');
  });

  test('is not run a second time where the suites run on it', async () => {
    const { commands, place } = await machine(async () => ({ exitCode: 1, output: '' }));
    const wanted = findNewestLts({ ...place, version: newestLts });
    await expect(wanted).rejects.toThrow(`Node ${newestLts} already`);
    expect(commands).toEqual([]);
  });
});
