import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { createVideoClient, type VideoClient, type VideoSnapshot } from '../../src/client.ts';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { createNamespace } from '../support/namespace.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';

/** At this speed a job of 120 s takes 6 s. */
export const speed = 20;
const bin = fileURLToPath(new URL('../../bin/onetake.js', import.meta.url));

/** Everything of one e2e case, real: server, sandbox gateway, folder, and workers as processes of their own. */
export interface Stage extends AsyncDisposable {
  address: string;
  namespace: string;
  folder: string;
  connection: Connection;
  client: VideoClient;
  gateway: SandboxGateway;
  startWorker(env?: Record<string, string>): Promise<WorkerProcess>;
  /** Environment for a CLI or a worker of this stage. */
  env: Record<string, string> & { STORAGE_DIR: string };
}

export interface WorkerProcess {
  pid: number;
  /** SIGKILL: no goodbye to the server, as when a machine dies. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface StageOptions {
  scenario?: string;
  /** Another server than the shared one. */
  address?: string;
  speed?: number;
}

export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const address = options.address ?? inject('temporalAddress');
  const folder = await mkdtemp(join(tmpdir(), 'onetake-stage-'));
  const connection = await Connection.connect({ address });
  const namespace = await createNamespace(connection);
  const gateway = await startSandboxGateway({
    speed: options.speed ?? speed,
    ...(options.scenario !== undefined && { scenario: options.scenario }),
  });
  const env = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    GATEWAY_BASE_URL: gateway.url,
    GATEWAY_API_KEY: gateway.apiKey,
    GATEWAY_TRUSTED_ORIGINS: gateway.mediaUrl,
    STORAGE_DIR: join(folder, 'storage'),
    POLL_SPEED: String(options.speed ?? speed),
    WORKFLOW_BUNDLE: await workflowBundle(),
  };
  const workers: WorkerProcess[] = [];
  return {
    address,
    namespace,
    folder,
    connection,
    gateway,
    env,
    client: await createVideoClient({ connection, namespace }),
    startWorker: async (extra = {}) => {
      const worker = await startWorkerProcess({ ...env, ...extra });
      workers.push(worker);
      return worker;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.kill()));
      await gateway.stop();
      await connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startWorkerProcess(env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [bin, 'worker'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await untilReady(child);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return { pid: child.pid ?? -1, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** The worker says so when it polls. */
function untilReady(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (/Worker ready/.test(said)) resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.on('exit', (code) =>
      reject(new Error(`The worker ended with ${code}: ${said.slice(-2_000)}`)),
    );
  });
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
  { client }: Stage,
  videoId: string,
  phases: VideoSnapshot['phase'][],
): Promise<VideoSnapshot> {
  return until(`phase ${phases.join(' or ')} of ${videoId}`, async () => {
    const status = await client.status(videoId);
    return phases.includes(status.phase) && status;
  });
}

/** Changes what the sandbox gateway does from now on, for requests that choose nothing themselves. */
export async function chooseScenario({ gateway }: Stage, scenario: string): Promise<void> {
  const answer = await fetch(`${gateway.url}/sandbox/scenario`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scenario }),
  });
  if (!answer.ok) throw new Error(`The sandbox gateway refused "${scenario}"`);
}
