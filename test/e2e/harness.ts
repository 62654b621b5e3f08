import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { createVideoClient, type VideoClient, type VideoSnapshot } from '../../src/client.ts';
import { clientCodec } from '../../src/client/client-codec.ts';
import { codecConfig } from '../../src/config/codec-config.ts';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { createNamespace } from '../support/namespace.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';
import { expectEncrypted } from './expect-encrypted.ts';
import { program } from './onetake.ts';

/** A busy machine takes many seconds. */
const readyLimitMs = 120_000;
/** At this speed a job of 120 s takes 6 s. */
export const speed = 20;

/** The real parts of one e2e case: server, sandbox gateway, folder, and workers as separate processes. */
export interface Harness extends AsyncDisposable {
  address: string;
  namespace: string;
  folder: string;
  connection: Connection;
  client: VideoClient;
  /** Temporal's own client, with the same keys, for calls by name. */
  temporal: Client;
  gateway: SandboxGateway;
  startWorker(env?: Record<string, string>): Promise<WorkerProcess>;
  /** All workers that were started, including those that have exited. */
  workers: readonly WorkerProcess[];
  /** Environment for a CLI or a worker of this harness. */
  env: Record<string, string> & { STORAGE_URL: string };
}

export interface WorkerProcess {
  pid: number;
  /** SIGKILL: the worker does not shut down, as when a machine dies. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** All output so far, both streams in the order of arrival. */
  printed(): string;
}

export interface HarnessOptions {
  scenario?: string;
  /** A server other than the shared one. */
  address?: string;
  speed?: number;
  /** A gateway with task plugins; workers with its access token can read its price list. */
  generation?: 'plugins';
  /** Of its client and workers. Default: PAYLOAD_KEYS of the test run, so that every suite can be run encrypted. */
  payloadKeys?: string;
}

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const address = options.address ?? inject('temporalAddress');
  const payloadKeys = options.payloadKeys ?? process.env['PAYLOAD_KEYS'] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'onetake-stage-'));
  const connection = await Connection.connect({ address });
  const namespace = await createNamespace(connection);
  const { keys } = codecConfig({ PAYLOAD_KEYS: payloadKeys });
  const dataConverter = { payloadCodecs: [clientCodec(keys)] };
  const gateway = await startSandboxGateway({
    speed: options.speed ?? speed,
    // A canary: tests search for it where it must not appear.
    apiKey: `sk-canary-${randomUUID()}`,
    ...(options.scenario !== undefined && { scenario: options.scenario }),
    ...(options.generation && { generation: options.generation }),
  });
  const env = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    GATEWAY_BASE_URL: gateway.url,
    GATEWAY_API_KEY: gateway.apiKey,
    GATEWAY_TRUSTED_ORIGINS: gateway.mediaUrl,
    STORAGE_URL: join(folder, 'storage'),
    POLL_SPEED: String(options.speed ?? speed),
    // Only the tests of the admission wait for it.
    GATEWAY_MAX_JOBS: '1000',
    WORKFLOW_BUNDLE: await workflowBundle({ encrypting: payloadKeys !== '' }),
    PAYLOAD_KEYS: payloadKeys,
  };
  const workers: WorkerProcess[] = [];
  return {
    address,
    namespace,
    folder,
    connection,
    gateway,
    env,
    workers,
    client: await createVideoClient({ connection, namespace, payloadKeys: keys }),
    temporal: new Client({ connection, namespace, dataConverter }),
    startWorker: async (extra = {}) => {
      const worker = await startWorkerProcess({ ...env, ...extra });
      workers.push(worker);
      return worker;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.kill()));
      await gateway.stop();
      await rm(folder, { recursive: true, force: true });
      // In a run of `npm run test:e2e:codec`, unless the case wants it otherwise or its server may be gone.
      const isWholeRun = options.payloadKeys === undefined && options.address === undefined;
      try {
        if (isWholeRun && payloadKeys !== '') await expectEncrypted({ connection, namespace });
      } finally {
        await connection.close();
      }
    },
  };
}

async function startWorkerProcess(env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [program, 'worker'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  }
  await untilReady(child, printed);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    pid: child.pid ?? -1,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    printed: () => printed.join(''),
  };
}

/** The worker logs this when it polls. */
async function untilReady(child: ChildProcess, printed: string[]): Promise<void> {
  await until(
    'a worker that is ready',
    () => {
      const said = printed.join('');
      if (child.exitCode === null && child.signalCode === null)
        return said.includes('Worker ready');
      throw new Error(`The worker ended with ${child.exitCode}: ${said.slice(-2_000)}`);
    },
    readyLimitMs,
  );
}

/** Waits for a condition, bounded; never for a fixed time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  limitMs = 60_000,
): Promise<T> {
  for (const end = Date.now() + limitMs; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function untilPhase(
  { client }: Harness,
  videoId: string,
  phases: VideoSnapshot['phase'][],
): Promise<VideoSnapshot> {
  return until(`phase ${phases.join(' or ')} of ${videoId}`, async () => {
    const status = await client.status(videoId);
    return phases.includes(status.phase) && status;
  });
}

/** Changes the default scenario of the sandbox gateway, for requests that choose none themselves. */
export async function chooseScenario({ gateway }: Harness, scenario: string): Promise<void> {
  const answer = await fetch(`${gateway.url}/sandbox/scenario`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scenario }),
  });
  if (!answer.ok) throw new Error(`The sandbox gateway refused "${scenario}"`);
}
