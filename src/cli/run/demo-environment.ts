import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { searchAttributeNames } from '../../contract/search-attributes.ts';
import { startTemporalServer, type TemporalServer } from '../../dev/temporal-server.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Env } from '../context.ts';
import { startDemoWorker, type DemoWorker } from './demo-worker.ts';
import { startSandbox } from './sandbox.ts';
import { interceptorModules } from '../../worker/workflow-code.ts';

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/** Server, gateway and workers of one demo. */
export interface DemoEnvironment {
  server: TemporalServer;
  sandbox: Sandbox;
  /** Starts a worker process. The cleanup stops it. */
  startWorker(): DemoWorker;
}

export interface DemoEnvironmentOptions {
  folder: string;
  speed: number;
  /** Leave the Temporal server running. */
  keepServer: boolean;
  cleanup: Cleanup;
  say: (line: string) => void;
  onProgress: (line: string) => void;
}

/**
 * Starts a Temporal server on a file database and the sandbox gateway, and bundles the workflows once.
 *
 * It never uses an existing server: workers there may have a real API key, and ours would take real videos.
 */
export async function startDemoEnvironment(
  options: DemoEnvironmentOptions,
): Promise<DemoEnvironment> {
  const { folder, speed, cleanup, say } = options;
  const [server, bundle, sandbox] = await Promise.all([
    startServer(options),
    bundleWorkflows(folder),
    startSandbox({ speed: String(speed) }).then((gateway) => {
      cleanup.add(gateway.stop);
      return gateway;
    }),
  ]);
  say(`Temporal server ${server.version ?? ''} from ${server.source}, UI ${server.uiUrl ?? 'off'}`);
  say(`Sandbox gateway ${sandbox.url}, at ${speed} times the speed, no cost`);
  const env: Env = {
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: 'default',
    GATEWAY_BASE_URL: sandbox.url,
    GATEWAY_API_KEY: sandbox.apiKey,
    GATEWAY_TRUSTED_ORIGINS: sandbox.mediaUrl,
    STORAGE_URL: join(folder, 'storage'),
    POLL_SPEED: String(speed),
    WORKFLOW_BUNDLE: bundle,
    // The demo's client has no payload keys, so its worker must have none either.
    PAYLOAD_KEYS: '',
    PAYLOAD_KEYS_FILE: '',
  };
  return {
    server,
    sandbox,
    startWorker: () => {
      const worker = startDemoWorker({ env, folder });
      cleanup.add(worker.stop);
      return worker;
    },
  };
}

async function startServer(options: DemoEnvironmentOptions): Promise<TemporalServer> {
  const { folder, keepServer, cleanup, onProgress } = options;
  const server = await startTemporalServer({
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    searchAttributes: Object.fromEntries(searchAttributeNames.map((name) => [name, 'Keyword'])),
    onProgress,
  });
  cleanup.add(async () => {
    if (keepServer && cleanup.succeeded) server.leave();
    else await server.stop();
  });
  return server;
}

/** The package contains the bundle. In a clone it is built here, once for both workers. */
async function bundleWorkflows(folder: string): Promise<string> {
  const made = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  if (existsSync(made)) return made;
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows', import.meta.url)),
    workflowInterceptorModules: interceptorModules,
    logger: new DefaultLogger('WARN'),
  });
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'workflow-bundle.js');
  await writeFile(path, code);
  return path;
}
