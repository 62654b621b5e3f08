import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment, RunCommand } from '../src/dev/run-command.ts';

/** A package of the npm registry, as `npm view <spec> dist.integrity` pins it. */
export interface PinnedPackage {
  /** Name and version: `name@1.2.3`. */
  spec: string;
  /** Hash of its archive: `sha512-…`. */
  integrity: string;
}

export interface NpmArchiveOptions {
  package: PinnedPackage;
  /** An empty folder for the archive. */
  folder: string;
  env: Environment;
  run: RunCommand;
  timeoutMs: number;
}

/**
 * Downloads the archive of a package. npm's configuration selects the registry, and only the pinned hash is accepted.
 *
 * @returns The path of the archive, or why npm does not have it, without addresses, because they may contain a
 * password.
 * @throws {Error} The package has another hash.
 */
export async function fetchNpmArchive(
  options: NpmArchiveOptions,
): Promise<{ path: string } | { reason: string }> {
  const { folder, env, run, timeoutMs } = options;
  const { spec, integrity } = options.package;
  const args = ['pack', spec, '--silent', '--pack-destination', folder];
  const { exitCode, output } = await run({ file: 'npm', args, env, timeoutMs });
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (exitCode !== 0 || name === undefined) {
    return { reason: output.replaceAll(/\w+:\/\/\S+/g, '<address>').slice(-400) };
  }
  const path = join(folder, name);
  const hash = createHash('sha512')
    .update(await readFile(path))
    .digest('base64');
  if (`sha512-${hash}` === integrity) return { path };
  throw new Error(`Cannot take "${spec}": its hash is "sha512-${hash}", not "${integrity}"`);
}
