/** A separate process: a worker with no-op activities. Reports readiness; ends at the first message. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { BareActivities } from './bare-workflow.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const [address = '', taskQueue = '', codePath = ''] = process.argv.slice(2);
const nothing = async () => {};
const activities: BareActivities = { first: nothing, second: nothing, third: nothing };
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue,
  activities,
  workflowBundle: { codePath },
});
const running = worker.run();
process.once('message', () => worker.shutdown());
process.send?.('ready');
await running;
await connection.close();
process.disconnect?.();
