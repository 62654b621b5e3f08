import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { installIntoCache } from '../../src/dev/binary-cache.ts';
import { runCommand, type CommandResult, type Environment } from '../../src/dev/run-command.ts';
import { UnavailableError } from './unavailable.ts';

/** The production server as a Go module; the hash is the one that `go mod download -json` calls `Sum`. */
export const temporalModule = {
  path: 'go.temporal.io/server',
  version: '1.32.0',
  sum: 'h1:JQoqsVREaGc8vcuDNfuRlySiV3tVi81XUOVC9LeL/1Y=',
} as const;

const packages = {
  server: `${temporalModule.path}/cmd/server`,
  sqlTool: `${temporalModule.path}/cmd/tools/sql`,
} as const;
/** 7 minutes on two idle cores, 37 on busy ones, measured. */
const usualLimitMs = 45 * 60_000;

export interface TemporalBinaries {
  server: string;
  /** `temporal-sql-tool`, which holds the schemas of its version. */
  sqlTool: string;
}

interface Place {
  cacheDir: string;
  env: Environment;
  onProgress: (line: string) => void;
  /** For the downloads and both builds together. */
  buildLimitMs?: number | undefined;
}

/**
 * The server and its schema tool out of the cache; the first time on a machine they are built, which takes minutes.
 *
 * @throws {UnavailableError} There is no Go, nobody serves the module, or the build did not succeed in time.
 * @throws {Error} A module of another hash is served.
 */
export async function temporalBinaries(place: Place): Promise<TemporalBinaries> {
  const at = (name: string) =>
    join(place.cacheDir, `${name}-${temporalModule.version}-${process.platform}-${process.arch}`);
  const binaries = { server: at('temporal-server'), sqlTool: at('temporal-sql-tool') };
  const builder = { env: place.env, deadline: Date.now() + (place.buildLimitMs ?? usualLimitMs) };
  for (const name of ['sqlTool', 'server'] as const) {
    if (await exists(binaries[name])) continue;
    await checkModule(builder);
    place.onProgress(`Building ${packages[name]}, which takes minutes, once`);
    await installIntoCache(binaries[name], place.cacheDir, (folder) =>
      build(packages[name], { ...builder, folder }),
    );
  }
  return binaries;
}

interface Builder {
  env: Environment;
  deadline: number;
}

async function checkModule(builder: Builder): Promise<void> {
  const module = `${temporalModule.path}@v${temporalModule.version}`;
  const { output } = await go(['mod', 'download', '-json', module], builder);
  const sum = /"Sum": "([^"]+)"/.exec(output)?.[1];
  if (sum !== temporalModule.sum) {
    throw new Error(`Cannot build "${module}": its hash is "${sum}", not "${temporalModule.sum}"`);
  }
}

async function build(
  path: string,
  { folder, env, deadline }: Builder & { folder: string },
): Promise<string> {
  const args = ['install', `${path}@v${temporalModule.version}`];
  await go(args, { env: { ...env, GOBIN: folder }, deadline });
  return join(folder, basename(path));
}

async function go(args: string[], { env, deadline }: Builder): Promise<CommandResult> {
  const timeoutMs = Math.max(0, deadline - Date.now());
  const result = await runCommand({ file: 'go', args, env, timeoutMs });
  if (result.exitCode === 0) return result;
  // Without addresses: a proxy's may carry a password.
  const said = result.output.replaceAll(/\w+:\/\/\S+/g, '<address>').slice(-1_000);
  throw new UnavailableError(
    `Cannot run "go ${args.join(' ')}" (Go is at https://go.dev/dl/): ${said}`,
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
