/** The server of `bench/serve.ts`, in a process of its own: counts the calls that it makes to Temporal. */
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { newTemporal } from '../../src/client/new-temporal.ts';
import { startServe } from '../../src/cli/run/start-serve.ts';
import { serveConfig } from '../../src/config/serve-config.ts';
import { storageConfig } from '../../src/config/storage-config.ts';
import type { Calls } from './calls.ts';

const calls: Calls = { queries: 0, describes: 0 };
const connection = await Connection.connect({
  address: process.env['TEMPORAL_ADDRESS'] ?? '',
  interceptors: [
    ((options, next) => {
      const { path } = options.method_definition;
      if (path.endsWith('/QueryWorkflow')) calls.queries += 1;
      if (path.endsWith('/DescribeWorkflowExecution')) calls.describes += 1;
      return next(options);
    }) as NonNullable<ConnectionOptions['interceptors']>[number],
  ],
});
const silent = () => {};
const server = await startServe({
  config: serveConfig({ ...process.env, SERVE_PORT: '0' }),
  storage: storageConfig(process.env),
  temporal: newTemporal(connection, {}),
  env: process.env,
  logger: {
    log: silent,
    trace: silent,
    debug: silent,
    info: silent,
    warn: silent,
    error: (message, meta) => void process.stderr.write(`${message} ${String(meta?.['error'])}\n`),
  },
});
process.on('message', () => process.send?.({ calls }));
process.send?.({ url: server.url });
