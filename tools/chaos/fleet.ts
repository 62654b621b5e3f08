import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort, loopback } from '../../src/dev/free-port.ts';
import { startTemporalServer, type TemporalServer } from '../../src/dev/temporal-server.ts';
import { workflowBundle } from '../../test/support/workflow-bundle.ts';
import type { Target } from './plan.ts';
import { createProcessActor, type Actor } from './process-actor.ts';

/** At this speed a job of 120 s takes 6 s. */
const speed = 20;
const apiKey = 'sk-sandbox';
const root = fileURLToPath(new URL('../..', import.meta.url));

/** All processes of a run, on fixed ports. */
export interface Fleet {
  actors: Record<Target, Actor[]>;
  temporalAddress: string;
  gatewayUrl: string;
  storageFolder: string;
}

export async function startFleet(options: CastOptions): Promise<Fleet> {
  const ports = await choosePorts();
  const workerEnv = await environment(options.folder, ports);
  const workers = Array.from({ length: options.workers }, (_, index) =>
    workerActor({ ...options, nth: index + 1, env: workerEnv }),
  );
  return {
    actors: {
      server: [serverActor(options.folder, ports.temporal)],
      gateway: [gatewayActor(options, ports)],
      worker: workers,
    },
    temporalAddress: workerEnv.TEMPORAL_ADDRESS,
    gatewayUrl: workerEnv.GATEWAY_BASE_URL,
    storageFolder: workerEnv.STORAGE_URL,
  };
}

export interface CastOptions {
  folder: string;
  workers: number;
  onNote: (line: string) => void;
}

type Ports = Record<'temporal' | 'gateway' | 'media', number>;

async function choosePorts(): Promise<Ports> {
  return {
    temporal: await findFreePort(),
    gateway: await findFreePort(),
    media: await findFreePort(),
  };
}

async function environment(folder: string, ports: Ports) {
  return {
    TEMPORAL_ADDRESS: `${loopback}:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'default',
    GATEWAY_BASE_URL: `http://${loopback}:${ports.gateway}`,
    GATEWAY_API_KEY: apiKey,
    GATEWAY_TRUSTED_ORIGINS: `http://${loopback}:${ports.media}`,
    STORAGE_URL: join(folder, 'storage'),
    POLL_SPEED: String(speed),
    // A lost submit holds its slot for 10 minutes, which must not delay the other videos of a run in CI.
    GATEWAY_MAX_JOBS: '20',
    WORKFLOW_BUNDLE: await workflowBundle(),
  };
}

function workerActor(options: CastOptions & { nth: number; env: Record<string, string> }): Actor {
  const { folder, nth, env, onNote } = options;
  return createProcessActor({
    name: `worker ${nth}`,
    args: ['bin/onetake.js', 'worker'],
    cwd: root,
    env,
    ready: /Worker ready/,
    logFile: join(folder, `worker-${nth}.log`),
    onNote,
  });
}

/** Its ledger is a file, so it survives kills. */
function gatewayActor({ folder, onNote }: CastOptions, { gateway, media }: Ports): Actor {
  const ports = ['--port', String(gateway), '--media-port', String(media)];
  const rest = ['--ledger', join(folder, 'ledger.json'), '--speed', String(speed)];
  return createProcessActor({
    name: 'gateway',
    args: ['--import', 'tsx', 'src/sandbox-gateway/main.ts', ...ports, ...rest],
    cwd: root,
    env: {},
    ready: /"mediaUrl"/,
    logFile: join(folder, 'gateway.log'),
    onNote,
  });
}

/** A Temporal server on an SQLite file. */
function serverActor(folder: string, port: number): Actor {
  let server: TemporalServer | null = null;
  return {
    name: 'server',
    start: async () => {
      server ??= await startTemporalServer({
        databaseFile: join(folder, 'temporal.db'),
        logFile: join(folder, 'temporal.log'),
        port,
        ui: false,
      });
    },
    kill: async () => {
      const killed = server;
      server = null;
      killed?.kill();
      await killed?.stop();
      return killed !== null;
    },
    stop: async () => {
      await server?.stop();
      server = null;
    },
  };
}
