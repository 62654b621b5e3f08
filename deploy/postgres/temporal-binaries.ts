import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { installIntoCache } from '../../src/dev/binary-cache.ts';
import {
  runCommand,
  type Command,
  type CommandResult,
  type Environment,
} from '../../src/dev/run-command.ts';

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
/** 7 minutes on two idle cores, measured. */
const buildTimeoutMs = 45 * 60_000;

export interface TemporalBinaries {
  server: string;
  /** `temporal-sql-tool`, which holds the schemas of its version. */
  sqlTool: string;
}

/**
 * The server and its schema tool out of the cache; the first time on a machine they are built, which takes minutes.
 *
 * @throws {Error} There is no Go, or a module of another hash is served, or the build fails.
 */
export async function temporalBinaries(place: {
  cacheDir: string;
  env: Environment;
  onProgress: (line: string) => void;
}): Promise<TemporalBinaries> {
  const at = (name: string) =>
    join(place.cacheDir, `${name}-${temporalModule.version}-${process.platform}-${process.arch}`);
  const binaries = { server: at('temporal-server'), sqlTool: at('temporal-sql-tool') };
  for (const name of ['sqlTool', 'server'] as const) {
    if (await exists(binaries[name])) continue;
    await checkModule(place.env);
    place.onProgress(`Building ${packages[name]}, which takes minutes, once`);
    await installIntoCache(binaries[name], place.cacheDir, (folder) =>
      build(packages[name], { folder, env: place.env }),
    );
  }
  return binaries;
}

async function checkModule(env: Environment): Promise<void> {
  const module = `${temporalModule.path}@v${temporalModule.version}`;
  const { output } = await go(['mod', 'download', '-json', module], { env });
  const sum = /"Sum": "([^"]+)"/.exec(output)?.[1];
  if (sum !== temporalModule.sum) {
    throw new Error(`Cannot build "${module}": its hash is "${sum}", not "${temporalModule.sum}"`);
  }
}

async function build(
  path: string,
  { folder, env }: { folder: string; env: Environment },
): Promise<string> {
  await go(['install', `${path}@v${temporalModule.version}`], { env: { ...env, GOBIN: folder } });
  return join(folder, basename(path));
}

async function go(args: string[], { env }: Pick<Command, 'env'>): Promise<CommandResult> {
  const result = await runCommand({ file: 'go', args, env, timeoutMs: buildTimeoutMs });
  if (result.exitCode === 0) return result;
  const said = result.output.slice(-1_000);
  throw new Error(`Cannot run "go ${args.join(' ')}", from https://go.dev/dl/: ${said}`);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
