import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findFreePort, isPortFree, loopback } from './free-port.ts';
import type { Environment } from './run-command.ts';
import { startProcess, type ServerProcess } from './server-process.ts';
import { waitUntilReady } from './server-ready.ts';

// Measured: ready in 0.3 s; the limit is for machines under load.
const readyTimeoutMs = 30_000;
const portAttempts = 3;
/**
 * The server keeps the state of so many runs in memory, open or ended, 30 to 40 kB each. With its default, 8,096, it grew
 * with each video.
 */
const cachedRuns = 1_000;

/** Options of the server process. */
export interface LaunchOptions {
  binary: string;
  env: Environment;
  databaseFile?: string | undefined;
  port?: number | undefined;
  uiPort?: number | undefined;
  metricsPort?: number | undefined;
  ui: boolean;
  searchAttributes: Record<string, string>;
  namespaces: readonly string[];
  logFile?: string | undefined;
  /** Finds a free port. A parameter for tests. */
  choosePort?: (() => Promise<number>) | undefined;
}

/** A server process that we started. */
export interface LaunchedServer {
  address: string;
  uiUrl: string | null;
  version: string;
  pid: number | null;
  stop(): Promise<void>;
  kill(): void;
  leave(): void;
}

interface Ports {
  port: number;
  uiPort: number | null;
}

/**
 * Starts `temporal server start-dev` and waits until it is ready.
 *
 * If a port that we chose was taken meanwhile, it tries again with another one. The server listens on the loopback
 * interface only.
 *
 * @throws {Error} A given port is taken, or the server ends or does not start in time: with the end of its log.
 */
export async function launchServer(options: LaunchOptions): Promise<LaunchedServer> {
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(options);
    const launched = await tryPorts(ports, options);
    if (launched) return launched;
    const wanted = options.port !== undefined || options.uiPort !== undefined;
    if (!wanted && attempt < portAttempts) continue;
    const names = Object.values(ports).filter((port) => port !== null);
    throw new Error(`Cannot start Temporal server: port ${names.join(' or ')} is taken`);
  }
}

/** Null if a port was taken before or during the start. */
async function tryPorts(ports: Ports, options: LaunchOptions): Promise<LaunchedServer | null> {
  if (!(await arePortsFree(ports))) return null;
  try {
    return await launchOn(ports, options);
  } catch (error) {
    if (await arePortsFree(ports)) throw error;
    return null;
  }
}

async function choosePorts(options: LaunchOptions): Promise<Ports> {
  const choose = options.choosePort ?? findFreePort;
  const port = options.port ?? (await choose());
  const uiPort = options.ui ? (options.uiPort ?? (await choose())) : null;
  return { port, uiPort };
}

async function arePortsFree({ port, uiPort }: Ports): Promise<boolean> {
  return (await isPortFree(port)) && (uiPort === null || (await isPortFree(uiPort)));
}

async function launchOn(ports: Ports, options: LaunchOptions): Promise<LaunchedServer> {
  const { binary, env, databaseFile, logFile } = options;
  if (databaseFile !== undefined) await mkdir(dirname(databaseFile), { recursive: true });
  const args = serverArguments(ports, options);
  const server = await startProcess({ binary, args, env, logFile });
  try {
    const version = await waitUntilUp(server, { ports, options });
    const { port, uiPort } = ports;
    return {
      address: `${loopback}:${port}`,
      uiUrl: uiPort === null ? null : `http://${loopback}:${uiPort}`,
      version,
      pid: server.pid,
      stop: server.stop,
      kill: server.kill,
      leave: server.leave,
    };
  } catch (cause) {
    const logged = await server.logTail();
    await server.stop();
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot start Temporal server: ${what}; end of its log:\n${logged}`, {
      cause,
    });
  }
}

function waitUntilUp(
  server: ServerProcess,
  { ports, options }: { ports: Ports; options: LaunchOptions },
): Promise<string> {
  return waitUntilReady({
    address: `${loopback}:${ports.port}`,
    namespaces: ['default', ...options.namespaces],
    searchAttributes: Object.keys(options.searchAttributes),
    timeoutMs: readyTimeoutMs,
    gone: () => (server.hasEnded() ? 'it ended while starting' : undefined),
  });
}

function serverArguments({ port, uiPort }: Ports, options: LaunchOptions): string[] {
  const args = ['server', 'start-dev', '--ip', loopback, '--port', String(port)];
  args.push('--log-level', 'warn');
  args.push('--dynamic-config-value', `history.hostLevelCacheMaxSize=${cachedRuns}`);
  args.push(...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]));
  if (options.metricsPort !== undefined) args.push('--metrics-port', String(options.metricsPort));
  for (const namespace of options.namespaces) args.push('--namespace', namespace);
  for (const [name, type] of Object.entries(options.searchAttributes)) {
    args.push('--search-attribute', `${name}=${type}`);
  }
  if (options.databaseFile !== undefined) {
    args.push('--db-filename', options.databaseFile);
    // Measured on 200 jobs: 22-33 s instead of 59-149 s with SQLite's defaults.
    args.push('--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL');
  }
  return args;
}
