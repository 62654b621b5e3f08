import type { Command } from 'commander';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';

const examples = `
Example:
  $ GATEWAY_API_KEY=sk-… TEMPORAL_ADDRESS=localhost:7233 onetake worker

Settings come from the environment or the .env of this folder; .env.example explains them.`;

/** `onetake worker`: runs a worker until Ctrl-C. */
export function configureWorker(command: Command): Run {
  command.addHelpText('after', examples);
  return run;
}

async function run(context: CliContext): Promise<Exit> {
  const { output, debug } = context;
  const settings = await readSettings(context);
  const { createLogger } = await import('../../worker/logger.ts');
  const { format = output.isTerminal ? 'pretty' : 'json', level } = settings.operate.log;
  const logger = createLogger({
    format,
    level: debug ? 'debug' : level,
    secrets: secretsOf(settings),
  });
  const { operateWorker } = await import('./operate-worker.ts');
  await operateWorker({
    settings: { ...settings, onProgress: (line) => logger.info(line) },
    logger,
    onReady: async () => {
      const ready = await describe(settings);
      if (format === 'json' && !output.json) logger.info('Worker ready', ready);
      else output.result(() => [lineOf(ready)], { outcome: 'ready', ...ready });
    },
  });
  return 'ok';
}

async function readSettings({ env }: CliContext) {
  const { codecConfig } = await import('../../config/codec-config.ts');
  const { gatewayConfig } = await import('../../config/gateway-config.ts');
  const { hooksConfig } = await import('../../config/hooks-config.ts');
  const { operateConfig } = await import('../../config/operate-config.ts');
  const { storageConfig } = await import('../../config/storage-config.ts');
  const { temporalConfig } = await import('../../config/temporal-config.ts');
  const { webhooksConfig } = await import('../../config/webhooks-config.ts');
  const { workerConfig } = await import('../../config/worker-config.ts');
  return {
    gateway: gatewayConfig(env),
    storage: storageConfig(env),
    worker: workerConfig(env),
    temporal: temporalConfig(env),
    codec: codecConfig(env),
    operate: operateConfig(env),
    webhooks: webhooksConfig(env),
    hooks: hooksConfig(env),
  };
}

type Settings = Awaited<ReturnType<typeof readSettings>>;

function secretsOf({ gateway: { apiKey, accessToken } }: Settings): string[] {
  return accessToken === undefined ? [apiKey] : [apiKey, accessToken];
}

async function describe({ temporal, gateway, storage, worker, hooks }: Settings) {
  const { storagePlace: placeOf } = await import('../../storage/create-storage.ts');
  return {
    temporal: temporal.address,
    namespace: temporal.namespace,
    gateway: gateway.baseUrl,
    storage: placeOf(storage),
    queues: worker.queues,
    ...(hooks.port !== undefined && { hooksPort: hooks.port }),
  };
}

type Ready = Awaited<ReturnType<typeof describe>>;

function lineOf({ temporal, namespace, gateway, storage, hooksPort }: Ready) {
  const line = `Worker ready: Temporal ${temporal} (${namespace}), gateway ${gateway}, storage ${storage}`;
  return hooksPort === undefined ? line : `${line}, callbacks on port ${hooksPort}`;
}
