import type { Command } from 'commander';
import type { CliContext, Run } from './context.ts';
import type { Exit } from './exit-codes.ts';

const examples = `
Example:
  $ GATEWAY_API_KEY=sk-… TEMPORAL_ADDRESS=localhost:7233 onetake worker

All settings come from the environment or the .env of this folder; .env.example names them.`;

/** `onetake worker`: the worker of all four queues, until Ctrl-C. */
export function configureWorker(command: Command): Run {
  command.addHelpText('after', examples);
  return run;
}

async function run(context: CliContext): Promise<Exit> {
  const { env, output, debug } = context;
  const { gatewayConfig, storageConfig, temporalConfig, workerConfig } =
    await import('../config.ts');
  const settings = {
    gateway: gatewayConfig(env),
    storage: storageConfig(env),
    worker: workerConfig(env),
    temporal: temporalConfig(env),
  };
  const { quietTemporal, startWorker } = await import('./start-worker.ts');
  quietTemporal({ debug });
  const worker = await startWorker({ ...settings, onProgress: output.note });
  const ready = {
    outcome: 'ready',
    temporal: settings.temporal.address,
    namespace: settings.temporal.namespace,
    gateway: settings.gateway.baseUrl,
    storage: settings.storage.folder,
  };
  output.result(
    () => [
      `Worker ready: Temporal ${ready.temporal} (${ready.namespace}), gateway ${ready.gateway}, storage ${ready.storage}`,
    ],
    ready,
  );
  await worker.run();
  return 'ok';
}
