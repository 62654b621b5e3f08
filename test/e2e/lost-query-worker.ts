/** A worker of `lostQueryRun` alone: `<address> <namespace> <bundle>`; starts on a line on its stdin. */
import { once } from 'node:events';
import { CompleteAsyncError } from '@temporalio/activity';
import { NativeConnection, Worker } from '@temporalio/worker';

const [address = '', namespace = '', codePath = ''] = process.argv.slice(2);
const connection = await NativeConnection.connect({ address });
process.stdout.write('Connected\n');
await once(process.stdin, 'data');
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: 'lost-query',
  workflowBundle: { codePath },
  activities: {
    completedElsewhere: () => Promise.reject(new CompleteAsyncError()),
    afterCompletion: () => Promise.resolve(),
    afterSignal: () => Promise.resolve(),
  },
  // Long enough for the steps of the test between the loss and the end of this time.
  stickyQueueScheduleToStartTimeout: '6s',
});
process.stdout.write('Worker ready\n');
await worker.run();
