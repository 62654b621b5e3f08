import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { startDemoWorker } from '../../src/cli/run/demo-worker.ts';
import { searchAttributeNames } from '../../src/contract/search-attributes.ts';
import { findFreePort } from '../../src/dev/free-port.ts';
import {
  startTemporalServer,
  type TemporalServer,
  type TemporalServerOptions,
} from '../../src/dev/temporal-server.ts';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';

/** One server, used by our worker and the bare one in turn. */
export interface BenchHarness extends AsyncDisposable {
  client: Client;
  gateway: SandboxGateway;
  /** 0 for a server that was not started here. */
  serverPid: number;
  /** The server's own metrics. */
  metricsUrl: string;
  /** Environment of a worker or a server of this harness. */
  env: Record<string, string>;
  startOurWorker(): Promise<BenchWorker>;
  startBareWorker(taskQueue: string): Promise<BenchWorker>;
}

export interface BenchWorker {
  pid: number;
  stop(): Promise<void>;
}

/** @param speed Speed of the gateway's jobs and of our polls. @param generation `plugins`: the gateway makes callbacks. */
export async function createHarness({
  folder,
  speed,
  generation = 'classic',
  server: given = {},
}: {
  folder: string;
  speed: number;
  generation?: 'classic' | 'plugins';
  /** Default: a development server in memory. */
  server?: Pick<TemporalServerOptions, 'databaseFile' | 'existingAddress'>;
}): Promise<BenchHarness> {
  const metricsPort = await findFreePort();
  const server = await startTemporalServer({
    ...given,
    ui: false,
    metricsPort,
    searchAttributes: Object.fromEntries(searchAttributeNames.map((name) => [name, 'Keyword'])),
  });
  // Both bundles are built here, because the bundler would count as memory of the worker.
  const [gateway, connection, bundle, bareBundle] = await Promise.all([
    startSandboxGateway({ speed, generation }),
    Connection.connect({ address: server.address }),
    bundleWorkflows('../../src/workflows', join(folder, 'workflow-bundle.js')),
    bundleWorkflows('./bare-workflow.ts', join(folder, 'bare-bundle.js')),
  ]);
  const env = {
    ...environmentOf({ server, gateway, speed }),
    STORAGE_URL: join(folder, 'storage'),
    WORKFLOW_BUNDLE: bundle,
  };
  return {
    client: new Client({ connection }),
    gateway,
    serverPid: server.pid ?? 0,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    env,
    startOurWorker: async () => {
      const worker = startDemoWorker({ env, folder });
      await worker.ready;
      return worker;
    },
    startBareWorker: (taskQueue) => startBareWorker([server.address, taskQueue, bareBundle]),
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await gateway.stop();
      await server.stop();
    },
  };
}

function environmentOf({
  server,
  gateway,
  speed,
}: {
  server: TemporalServer;
  gateway: SandboxGateway;
  speed: number;
}) {
  return {
    TEMPORAL_ADDRESS: server.address,
    GATEWAY_BASE_URL: gateway.url,
    GATEWAY_API_KEY: gateway.apiKey,
    GATEWAY_TRUSTED_ORIGINS: gateway.mediaUrl,
    // The limit of the account must not slow the measurement.
    GATEWAY_MAX_JOBS: '100000',
    POLL_SPEED: String(speed),
  };
}

/** Returns the path of the bundle. */
async function bundleWorkflows(source: string, target: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(source, import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  await writeFile(target, code);
  return target;
}

async function startBareWorker(args: string[]): Promise<BenchWorker> {
  const path = fileURLToPath(new URL('./bare-worker.ts', import.meta.url));
  const child = fork(path, args, { execArgv: ['--import', 'tsx'] });
  const killAtExit = () => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  await Promise.race([once(child, 'message'), diedEarly(child)]);
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      const ended = once(child, 'exit');
      child.send('stop');
      await ended;
      process.off('exit', killAtExit);
    },
  };
}

async function diedEarly(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`The bare worker ended with ${String(code)} before it was ready`);
}
