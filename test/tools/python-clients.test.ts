import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import type { CommandResult, RunCommand } from '../../src/dev/run-command.ts';
import { findPythonClients } from '../support/python-clients.ts';
import { tempFolder } from '../dev/temp-folder.ts';

interface Machine {
  version?: CommandResult;
  /** How the installation ends. */
  pip?: () => Promise<CommandResult>;
}

const fine: CommandResult = { exitCode: 0, output: '' };

/** A machine with an empty cache. Its `python3 -m venv` makes a folder, its pip installs nothing. */
async function machine({ version = { exitCode: 0, output: '3.11' }, pip }: Machine = {}) {
  const folder = await tempFolder();
  const commands: string[] = [];
  const run: RunCommand = async ({ file, args }) => {
    commands.push([file, ...args.slice(0, 2)].join(' '));
    if (args[0] === '-c') return version;
    if (args[1] === 'pip') return pip ? pip() : fine;
    const bin = join(args.at(-1) ?? '', 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'python'), '');
    return fine;
  };
  const place = { env: { HOME: folder, XDG_CACHE_HOME: folder }, run, onProgress: () => {} };
  return { cache: join(folder, 'onetake'), commands, place };
}

const isPip = (command: string) => command === 'python3 -m pip';

test('the Python clients are installed once, and then taken from the cache', async () => {
  const { commands, place, cache } = await machine();
  const first = await findPythonClients(place);
  expect(await findPythonClients(place)).toBe(first);
  expect(first.startsWith(join(cache, 'python-clients-'))).toBe(true);
  expect(commands.filter(isPip)).toHaveLength(1);
  expect(await readdir(cache)).toHaveLength(1);
});

test('two test runs that install the Python clients at once both get them, and leave one copy', async () => {
  let arrived = 0;
  let release = () => {};
  const both = new Promise<void>((resolve) => (release = resolve));
  const { commands, place, cache } = await machine({
    pip: async () => {
      arrived += 1;
      if (arrived === 2) release();
      await both;
      return fine;
    },
  });
  const found = await Promise.all([findPythonClients(place), findPythonClients(place)]);
  expect(found[0]).toBe(found[1]);
  expect(commands.filter(isPip)).toHaveLength(2);
  expect(await readdir(cache)).toHaveLength(1);
});

test.each<[string, Machine, RegExp]>([
  [
    'no Python',
    { version: { exitCode: null, output: 'spawn python3 ENOENT' } },
    /Cannot run "python3": spawn python3 ENOENT/,
  ],
  [
    'an older Python',
    { version: { exitCode: 0, output: '3.9' } },
    /python3 is 3\.9, the clients need 3\.11/,
  ],
  [
    'no index',
    { pip: async () => ({ exitCode: 1, output: 'no answer from https://me:secret@pypi.example' }) },
    /python3 -m pip failed: no answer from <address>$/,
  ],
])('a machine with %s has no Python clients, and says why without a password', async (...given) => {
  const [, described, reason] = given;
  const { place } = await machine(described);
  const error: unknown = await findPythonClients(place).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(String(error)).toMatch(reason);
});

test('a package with another hash than the pinned one is an error, and is not kept', async () => {
  const output = 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.';
  const { place, cache } = await machine({ pip: async () => ({ exitCode: 1, output }) });
  const wanted = findPythonClients(place);
  await expect(wanted).rejects.toThrow('DO NOT MATCH THE HASHES');
  await expect(wanted).rejects.not.toBeInstanceOf(UnavailableError);
  expect(await readdir(cache)).toEqual([]);
});
