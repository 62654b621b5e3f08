import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, QueryNotRegisteredError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { askRun } from '../../src/client/ask-run.ts';
import { interceptorModules } from '../../src/worker/workflow-code.ts';
import { createNamespace } from '../support/namespace.ts';
import { until } from './harness.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const started = temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;
/** Shorter than the time that a workflow task and a query wait for the lost worker. */
const whileItWaitsMs = 1_500;

let folder: string;
let code: string;
let client: Client;
let namespace: string;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onetake-lost-query-'));
  const workflowsPath = join(root, 'test/e2e/lost-query-run.ts');
  const logger = new DefaultLogger('ERROR');
  ({ code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: interceptorModules.filter((name) => name.endsWith('query-guard')),
    logger,
  }));
  await writeFile(join(folder, 'bundle.js'), code);
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  namespace = await createNamespace(connection);
  client = new Client({ connection, namespace });
}, 120_000);
afterAll(async () => {
  for (const each of processes) each.kill('SIGKILL');
  await client?.connection.close();
  await rm(folder, { recursive: true, force: true });
});

/** A process that can start at once: loading a Temporal worker takes seconds. */
async function loadWorker() {
  const program = ['--import', 'tsx', 'test/e2e/lost-query-worker.ts'];
  const args = [...program, inject('temporalAddress'), namespace, join(folder, 'bundle.js')];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  processes.push(child);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await until('the connection', () => printed.includes('Connected'));
  return {
    begin: async () => {
      child.stdin.write('begin\n');
      await until('the worker', () => printed.includes('Worker ready'));
    },
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Resolves when the run was queried while its last event was in no completed workflow task. */
async function losingItsWorker(workflowId: string) {
  const [first, second] = await Promise.all([loadWorker(), loadWorker()]);
  await first.begin();
  const run = await client.workflow.start('lostQueryRun', { taskQueue: 'lost-query', workflowId });
  await until('the activity', async () => {
    const { pendingActivities } = (await run.describe()).raw;
    return pendingActivities?.some(({ state }) => state === started);
  });
  await first.kill();
  return { run, second };
}

test('a run that is queried after its worker is lost, and then signalled, replays', async () => {
  const { run, second } = await losingItsWorker('queried');
  const answer = run.query<boolean>('told').catch((error: unknown) => error);
  await delay(whileItWaitsMs);
  await client.activity.complete({ workflowId: 'queried', activityId: '1' }, undefined);
  await second.begin();
  expect(await answer).toBeInstanceOf(QueryNotRegisteredError);
  await run.signal('tell');
  await until('both activities', async () => {
    const { events = [] } = await run.fetchHistory();
    return (
      (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length === 3
    );
  });
  const history = await run.fetchHistory();
  await second.kill();
  await run.terminate();
  const replay = Worker.runReplayHistory({ workflowBundle: { code } }, history, 'queried');
  await expect(replay).resolves.toBeUndefined();
}, 120_000);

test('our own commands retry a lost query, and get an answer', async () => {
  const { run, second } = await losingItsWorker('asked-again');
  const answer = askRun<boolean>(client, 'asked-again', 'told');
  await delay(whileItWaitsMs);
  await client.activity.complete({ workflowId: 'asked-again', activityId: '1' }, undefined);
  await second.begin();
  expect(await answer).toBe(false);
  await second.kill();
  await run.terminate();
}, 120_000);
