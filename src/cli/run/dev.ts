import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { codecConfig } from '../../config/codec-config.ts';
import { storageConfig } from '../../config/storage-config.ts';
import { temporalConfig } from '../../config/temporal-config.ts';
import { webhooksConfig } from '../../config/webhooks-config.ts';
import { workerConfig } from '../../config/worker-config.ts';
import { startTemporalServer, type TemporalServer } from '../../dev/temporal-server.ts';
import { findFreePort, isPortFree, loopback } from '../../dev/free-port.ts';
import { searchAttributeNames } from '../../contract/search-attributes.ts';
import { operateConfig } from '../../config/operate-config.ts';
import { UsageError, type CliContext, type Env, type Run } from '../context.ts';
import { createCleanup } from '../cleanup.ts';
import { leaveDevSettings } from './dev-settings.ts';
import type { Exit } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { Colors } from '../output.ts';
import { field } from '../video/report-video.ts';
import { startSandbox } from './sandbox.ts';

interface Flags {
  speed: string;
  scenario?: string;
}

/** The default ports of Temporal's clients. */
const usualPorts = { server: 7233, ui: 8233 };

const examples = `
Example:
  $ onetake dev --speed 20

Costs nothing: its worker uses only the sandbox gateway. Its state is in the storage folder, under .dev.`;

/** `onetake dev`: Temporal server with UI, sandbox gateway, worker and HTTP API in one foreground command. */
export function configureDev(command: Command): Run {
  command
    .option('--speed <factor>', 'speed of the sandbox gateway: its seconds per real second', '10')
    .option('--scenario <names>', 'behaviour of the sandbox gateway; see onetake sandbox --list')
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, context: CliContext): Promise<Exit> {
  const { env, output } = context;
  const speed = Number(flags.speed);
  const interrupt = listenForInterrupt();
  const cleanup = createCleanup();
  try {
    const folder = chooseFolder(env);
    const state = join(folder, '.dev');
    await makeFolder(state);
    const server = await startServer(env, { state, note: output.note });
    cleanup.add(server.stop);
    const ledger = join(state, 'sandbox-gateway.json');
    const sandbox = await startSandbox({ scenario: '', ...flags, ledger });
    cleanup.add(sandbox.stop);
    if (interrupt.signal.aborted) return 'ok';
    output.note('Starting the worker');
    const environment = { server, sandbox, folder, speed, metricsPort: await findFreePort() };
    await runDevWorker(context, environment, async () => {
      if (interrupt.signal.aborted) return;
      const http = await openHttp(context, environment);
      cleanup.add(http.stop);
      const studio = `${http.url}/studio`;
      const settings = { ...settingsOf(environment), STUDIO_URL: studio };
      cleanup.add(await leaveDevSettings(process.cwd(), settings));
      const shown = { server, gateway: sandbox.url, http: http.url, folder, flags };
      output.result((colors) => devLines(shown, colors), {
        outcome: 'ready',
        temporal: server.address,
        ui: server.uiUrl,
        gateway: sandbox.url,
        http: http.url,
        studio,
        storage: folder,
      });
    });
    return 'ok';
  } finally {
    if (interrupt.signal.aborted) output.note('Stopping');
    await cleanup.run();
    interrupt.stop();
  }
}

interface Environment {
  server: TemporalServer;
  sandbox: Awaited<ReturnType<typeof startSandbox>>;
  folder: string;
  speed: number;
  /** On loopback; `onetake stats` reads it. */
  metricsPort: number;
}

async function openHttp({ env, debug }: CliContext, { server, folder }: Environment) {
  const { startDevServe } = await import('./dev-serve.ts');
  const { namespace } = temporalConfig(env);
  const { address, uiUrl } = server;
  return startDevServe({ env, debug, address, uiUrl, namespace, folder });
}

/** Settings for other commands. */
function settingsOf({ server, sandbox, folder, metricsPort }: Environment): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: server.address,
    GATEWAY_BASE_URL: sandbox.url,
    GATEWAY_API_KEY: sandbox.apiKey,
    GATEWAY_TRUSTED_ORIGINS: sandbox.mediaUrl,
    STORAGE_URL: folder,
    METRICS_PORT: String(metricsPort),
  };
}

/** Uses only the sandbox gateway, and ignores another one in the environment. */
async function runDevWorker(
  { env, debug }: CliContext,
  { server, sandbox, folder, speed, metricsPort }: Environment,
  onReady: () => Promise<void>,
): Promise<void> {
  const { quietLogger } = await import('./start-worker.ts');
  const { operateWorker } = await import('./operate-worker.ts');
  const { address } = server;
  const metrics = { METRICS_PORT: String(metricsPort), METRICS_HOST: loopback };
  const settings = {
    temporal: {
      connectionOptions: { address },
      namespace: temporalConfig(env).namespace,
      address,
    },
    gateway: {
      baseUrl: sandbox.url,
      apiKey: sandbox.apiKey,
      trustedOrigins: [sandbox.mediaUrl],
    },
    storage: { folder },
    codec: codecConfig(env),
    operate: operateConfig(metrics),
    worker: { ...workerConfig(env), speed },
    webhooks: webhooksConfig(env),
  };
  await operateWorker({
    settings,
    logger: quietLogger({ debug }),
    onReady,
    endsWithTerminal: true,
  });
}

/** Starts a server on the default ports if they are free, or uses the given one if it is on this machine. */
async function startServer(
  env: Env,
  { state, note }: { state: string; note: (line: string) => void },
): Promise<TemporalServer> {
  const { namespace } = temporalConfig(env);
  return startTemporalServer({
    ...(await choosePlace(env['TEMPORAL_ADDRESS'])),
    databaseFile: join(state, 'temporal.db'),
    logFile: join(state, 'temporal.log'),
    searchAttributes: Object.fromEntries(searchAttributeNames.map((name) => [name, 'Keyword'])),
    namespaces: namespace === 'default' ? [] : [namespace],
    onProgress: note,
  });
}

async function choosePlace(
  given: string | undefined,
): Promise<{ existingAddress?: string; port?: number; uiPort?: number }> {
  const [, port] = /^(?:localhost|127\.0\.0\.1):(\d+)$/.exec(given ?? '') ?? [];
  if (given && port === undefined) {
    throw new UsageError(
      `Cannot use TEMPORAL_ADDRESS "${given}" for dev: its worker would take other people's videos to the sandbox gateway; unset it`,
    );
  }
  const wanted = Number(port ?? usualPorts.server);
  if (await isPortFree(wanted)) {
    return { port: wanted, ...((await isPortFree(usualPorts.ui)) && { uiPort: usualPorts.ui }) };
  }
  return given ? { existingAddress: given } : {};
}

/** Requires a folder: test videos do not belong in a bucket. */
function chooseFolder(env: Env): string {
  const config = storageConfig(env);
  if ('folder' in config) return config.folder;
  throw new UsageError('Cannot use a bucket for dev: set STORAGE_URL to a folder');
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Cannot write the storage folder; set STORAGE_URL to another one: ${reason}`,
      { cause },
    );
  }
}

interface Shown {
  server: TemporalServer;
  gateway: string;
  http: string;
  folder: string;
  flags: Flags;
}

function devLines({ server, gateway, http, folder, flags }: Shown, colors: Colors): string[] {
  const { address, uiUrl, source, version } = server;
  return [
    '',
    colors.green('✓ ready; nothing here costs money'),
    field('Temporal', `${address}, version ${version ?? 'unknown'}, from ${source}`, colors),
    ...(uiUrl === null ? [] : [field('UI', uiUrl, colors)]),
    field('gateway', `${gateway}, sandbox at ${flags.speed} times the speed`, colors),
    field('studio', `${http}/studio`, colors),
    field('HTTP API', `${http}/v1, no API key needed`, colors),
    field('MCP', `${http}/mcp, for agents`, colors),
    field('storage', folder, colors),
    '',
    'Try these in another terminal, in this folder:',
    '  npx onetake generate "A cat naps in the sun" --model kling-v1 --size 1280x720 --duration 5',
    '  npx onetake list',
    '  npx onetake help',
    '',
    'Ctrl-C stops everything.',
  ];
}
