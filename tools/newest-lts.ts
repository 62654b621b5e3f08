import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '../deploy/postgres/unavailable.ts';
import { defaultCacheDir, installIntoCache } from '../src/dev/binary-cache.ts';
import { fetchNpmArchive } from './npm-archive.ts';
import { runCommand, type Environment, type RunCommand } from '../src/dev/run-command.ts';

/** The newest Node with long-term support; `package.json` names the oldest Node that is supported. */
export const newestLts = '24.22.3';
/** By platform: the output of `npm view node-<platform>@<version> dist.integrity`. */
const integrities: Record<string, string> = {
  'linux-x64':
    'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
  'linux-arm64':
    'sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==',
};
// 50 MB: a slow connection needs time.
const downloadTimeoutMs = 180_000;
const unpackTimeoutMs = 60_000;

interface Place {
  env: Environment;
  onProgress: (line: string) => void;
  /** The version on which the suites run anyway. */
  version?: string;
  run?: RunCommand;
}

/**
 * Path of the newest LTS of Node: in the cache, or from the npm package that repackages it.
 *
 * @throws {UnavailableError} There is none for this machine, or the suites run on that version anyway.
 * @throws {Error} The package has another hash.
 */
export async function findNewestLts(place: Place): Promise<string> {
  const { env, onProgress, version = process.versions.node, run = runCommand } = place;
  const [major] = newestLts.split('.');
  if (version.split('.')[0] === major) {
    throw new UnavailableError(`all suites ran on Node ${version} already`);
  }
  const system = `${process.platform}-${process.arch}`;
  const integrity = integrities[system];
  if (integrity === undefined) throw new UnavailableError(`Node is not packaged for "${system}"`);
  const cacheDir = defaultCacheDir(env);
  const target = join(cacheDir, `node-${newestLts}-${system}`);
  const isCached = await access(target).then(
    () => true,
    () => false,
  );
  if (isCached) return target;
  onProgress(`Downloading Node ${newestLts} with npm, once`);
  const pinned = { spec: `node-${system}@${newestLts}`, integrity };
  await installIntoCache(target, cacheDir, async (folder) => {
    const given = { package: pinned, folder, env, run, timeoutMs: downloadTimeoutMs };
    const found = await fetchNpmArchive(given);
    if ('path' in found) return unpack(found.path, { folder, env });
    throw new UnavailableError(`npm has no "${pinned.spec}": ${found.reason}`);
  });
  return target;
}

async function unpack(
  archive: string,
  { folder, env }: { folder: string; env: Environment },
): Promise<string> {
  const home = join(folder, 'unpacked');
  await mkdir(home);
  const args = ['-xzf', archive, '-C', home, '--no-same-owner', 'package/bin/node'];
  const { exitCode, output } = await runCommand({
    file: 'tar',
    args,
    env,
    timeoutMs: unpackTimeoutMs,
  });
  if (exitCode === 0) return join(home, 'package/bin/node');
  throw new Error(`Cannot unpack "${archive}": ${output.slice(-400)}`);
}
