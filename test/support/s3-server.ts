import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defaultCacheDir, toolsFile } from '../../src/dev/binary-cache.ts';
import { onProcessEnd } from '../../src/dev/exit-guard.ts';
import { findFreePort, isPortFree, loopback } from '../../src/dev/free-port.ts';
import { goSource, pinnedModule } from './go-install.ts';
import { cacheSource, pathSource, proven } from '../../src/dev/local-binary.ts';
import { runCommand, type Environment } from '../../src/dev/run-command.ts';
import { tryInOrder, type BinarySource } from '../../src/dev/binary-source.ts';
import { startProcess, type ServerProcess } from '../../src/dev/server-process.ts';

const binaryName = 'versitygw';
const advice =
  'Set S3_ENDPOINT to a running S3 server, put "versitygw" on PATH, or install Go: it is built once, and kept';
const healthPath = '/health';
const readyTimeoutMs = 30_000;
const tryEveryMs = 25;
const portAttempts = 3;

/** All optional: a server on a free port with an empty temporary folder is the default. */
export interface S3ServerOptions {
  /** First source: a server that runs already. Nothing is started or stopped. */
  existing?: S3Address;
  /** Folder for the built binary; `onetake` in the user's cache folder when absent. */
  cacheDir?: string;
  /** Environment for child processes and the lookup of PATH and cache folder; our own when absent. */
  env?: Environment;
  onProgress?: (line: string) => void;
}

/** Where an S3 server listens, and who may use it. */
export interface S3Address {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** An S3 server for tests: ours to stop, or somebody else's that we only use. */
export interface S3Server extends S3Address {
  /** Which source it came from, for people. */
  source: string;
  /** Ends the server if it is ours, and removes its folder; may be called again. */
  stop(): Promise<void>;
}

/**
 * Finds or starts an S3 server: an existing one, `versitygw` on PATH, the cached binary, a build from the pinned
 * source. The first that works wins. It listens on the loopback interface only, and ends with this process.
 *
 * @throws {Error} When no source has one (one reason each), or the server does not come up (with its log).
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  if (options.existing) {
    return { ...options.existing, source: 'S3_ENDPOINT', stop: async () => {} };
  }
  const env = options.env ?? process.env;
  const onProgress = options.onProgress ?? (() => {});
  const sources = await s3Sources({ env, onProgress, cacheDir: options.cacheDir });
  const { path, source } = await tryInOrder({
    sources,
    sought: 'an S3 server',
    advice,
    onProgress,
  });
  return { ...(await launch(path, env)), source };
}

/** The sources that end in a binary, in their order: local ones first, then the build. */
export async function s3Sources(options: {
  env: Environment;
  onProgress: (line: string) => void;
  cacheDir?: string | undefined;
}): Promise<BinarySource[]> {
  const { env, onProgress } = options;
  const cacheDir = options.cacheDir ?? defaultCacheDir(env);
  const module = await pinnedModule(toolsFile('versitygw.txt'));
  const system = `${process.platform}-${process.arch}`;
  const target = join(cacheDir, `${binaryName}-${module.version}-${system}`);
  const place = { target, cacheDir, env, onProgress };
  const sources = [
    pathSource(binaryName, env),
    cacheSource(target),
    goSource({ module, command: `cmd/${binaryName}`, run: runCommand, ...place }),
  ];
  return sources.map((source) => proven(source, { env, run: runCommand }));
}

async function launch(binary: string, env: Environment): Promise<Omit<S3Server, 'source'>> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-s3-'));
  const release = onProcessEnd(() => rmSync(folder, { recursive: true, force: true }));
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    release();
  };
  const credentials = { accessKeyId: 'onetake', secretAccessKey: randomBytes(16).toString('hex') };
  const keys = {
    ROOT_ACCESS_KEY: credentials.accessKeyId,
    ROOT_SECRET_KEY: credentials.secretAccessKey,
  };
  try {
    const { server, endpoint } = await onFreePort({ binary, env: { ...env, ...keys }, folder });
    const stop = () => server.stop().then(remove);
    return { endpoint, region: 'us-east-1', credentials, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Launch {
  binary: string;
  env: Environment;
  folder: string;
}

/** Another process may take the port before the server does: then the next one is tried. */
async function onFreePort(options: Launch): Promise<{ server: ServerProcess; endpoint: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    try {
      return await launchOn(port, options);
    } catch (error) {
      if (attempt === portAttempts || (await isPortFree(port))) throw error;
    }
  }
}

async function launchOn(port: number, { binary, env, folder }: Launch) {
  const [objects, attributes] = [join(folder, 'objects'), join(folder, 'attributes')];
  await Promise.all([objects, attributes].map((each) => mkdir(each, { recursive: true })));
  const serve = [
    '--port',
    `${loopback}:${port}`,
    '--quiet',
    '--keep-alive',
    '--health',
    healthPath,
  ];
  // Beside the objects, because not every temporary folder takes extended attributes.
  const args = [...serve, 'posix', '--sidecar', attributes, objects];
  const server = await startProcess({ binary, args, env });
  const endpoint = `http://${loopback}:${port}`;
  try {
    await untilHealthy(server, endpoint);
    return { server, endpoint };
  } catch (cause) {
    const logged = await server.logTail();
    await server.stop();
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot start S3 server: ${what}; end of its log:\n${logged}`, { cause });
  }
}

async function untilHealthy(server: ServerProcess, endpoint: string): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const isHealthy = await fetch(endpoint + healthPath).then(
      ({ ok }) => ok,
      () => false,
    );
    // Asked after the answer: while our server was starting, another one may have taken its port and answered.
    if (server.hasEnded()) throw new Error('it ended while starting');
    if (isHealthy) return;
    if (Date.now() > deadline) throw new Error(`not ready within ${readyTimeoutMs / 1000} s`);
    await delay(tryEveryMs);
  }
}
