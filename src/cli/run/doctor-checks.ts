import type { Connection } from '@temporalio/client';
import { storageConfig } from '../../config/storage-config.ts';
import { temporalConfig } from '../../config/temporal-config.ts';
import { codecConfig } from '../../config/codec-config.ts';
import { searchAttributeNames } from '../../contract/search-attributes.ts';
import { taskQueues } from '../../contract/task-queues.ts';
import { accountOf } from '../limits/show.ts';
import { proxyName } from '../../egress/proxy-for.ts';
import { clientProxy, exportProxy } from '../../egress/temporal-proxy.ts';
import type { Env } from '../context.ts';
import { attempt, type Check } from './doctor-check.ts';
import { gatewayChecks } from './doctor-gateway.ts';
import { hooksChecks } from './doctor-hooks.ts';
import { spaceWords } from '../storage/words.ts';

interface Temporal {
  connection: Connection;
  namespace: string;
}

/** temporal.api.enums.v1.TaskQueueType */
const taskTypes = { workflow: 1, activity: 2 };
/** A worker polls again at least once a minute. */
const pollerIsFreshMs = 90_000;

/** Runs all checks in order, and skips those that need an earlier one that failed. */
export async function* runChecks(env: Env): AsyncGenerator<Check> {
  yield* temporalChecks(env);
  yield* gatewayChecks(env);
  yield await storageCheck(env);
  yield* hooksChecks(env);
}

async function* temporalChecks(env: Env): AsyncGenerator<Check> {
  let connection: Connection | undefined;
  const reached = await attempt('Temporal server', undefined, async () => {
    const { connectOrExplain } = await import('../../client/connect.ts');
    const { connectionOptions, address, proxy } = temporalConfig(env);
    exportProxy(proxy);
    connection = await connectOrExplain({ ...connectionOptions, ...clientProxy(proxy) });
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return `${address}, version ${serverVersion}${proxy ? `, through the proxy ${proxyName(proxy)}` : ''}`;
  });
  yield reached;
  if (!connection) return;
  const temporal = { connection, namespace: temporalConfig(env).namespace };
  try {
    const namespace = await checkNamespace(temporal);
    yield namespace;
    if (!namespace.ok) return;
    yield await attempt('search attributes', undefined, () => checkSearchAttributes(temporal));
    yield await attempt(
      'workers',
      'Start one with `onetake worker`, with the same TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE',
      () => checkWorkers(temporal),
    );
    yield await attempt('claims', undefined, () => checkClaims(env, temporal));
  } finally {
    await connection.close();
  }
}

function checkNamespace({ connection, namespace }: Temporal): Promise<Check> {
  const toDo = `Set TEMPORAL_NAMESPACE, or run: temporal operator namespace create --namespace ${namespace}`;
  return attempt('namespace', toDo, async () => {
    await connection.workflowService.describeNamespace({ namespace });
    return `"${namespace}"`;
  });
}

async function checkSearchAttributes(temporal: Temporal): Promise<string> {
  const { missingSearchAttributes, SearchAttributesMissing } =
    await import('../../worker/search-attribute-setup.ts');
  const missing = await missingSearchAttributes(temporal);
  if (missing.length > 0) throw new SearchAttributesMissing(missing, temporal.namespace);
  return searchAttributeNames.join(', ');
}

async function checkWorkers({ connection, namespace }: Temporal): Promise<string> {
  const counts = await Promise.all(
    Object.entries(taskQueues).map(async ([role, name]) => {
      const taskQueueType = role === 'workflows' ? taskTypes.workflow : taskTypes.activity;
      const { pollers } = await connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name },
        taskQueueType,
      });
      const fresh = (pollers ?? []).filter(
        ({ lastAccessTime }) =>
          Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < pollerIsFreshMs,
      );
      return { name, count: fresh.length };
    }),
  );
  const without = counts.filter(({ count }) => count === 0).map(({ name }) => name);
  if (without.length > 0) throw new Error(`No worker polls ${without.join(', ')}`);
  return counts.map(({ name, count }) => `${name}: ${count}`).join(', ');
}

/** Reads only. A storage that no worker has used yet is not a conflict. */
async function checkClaims(env: Env, { connection, namespace }: Temporal): Promise<string> {
  const [{ Client }, { demandClaimsStorage }, { createStorage, storagePlace: placeOf }] =
    await Promise.all([
      import('@temporalio/client'),
      import('../../worker/claims-storage.ts'),
      import('../../storage/create-storage.ts'),
    ]);
  const { readStorageId } = await import('../../storage/storage-id.ts');
  const { workerDataConverter } = await import('../../codec/worker-data-converter.ts');
  const settings = storageConfig(env);
  const storageId = await readStorageId(await createStorage(settings));
  if (storageId === null) return 'none yet: no worker has used this storage';
  const dataConverter = workerDataConverter(codecConfig(env).keys);
  const client = new Client({ connection, namespace, dataConverter });
  const place = placeOf(settings);
  await demandClaimsStorage(client, { account: accountOf(env), storageId, place });
  return `in the storage ${storageId}`;
}

/** Checks the operations that claims depend on. For a bucket, the advice is that of its store. */
export async function storageCheck(env: Env): Promise<Check> {
  const { bucketAdvice } = await import('../../storage/s3/advice.ts');
  const advice = (error: unknown) =>
    bucketAdvice(error) ?? 'Set STORAGE_URL to a writable folder or bucket';
  return attempt('storage', advice, () => checkStorage(env));
}

async function checkStorage(env: Env): Promise<string> {
  const settings = storageConfig(env);
  const { createStorage, storagePlace: placeOf } = await import('../../storage/create-storage.ts');
  const { diskSpace } = await import('../../storage/folder/disk-space.ts');
  const storage = await createStorage(settings);
  await storage.check();
  const space = await diskSpace(storage);
  return [placeOf(settings), ...(space ? [spaceWords(space)] : [])].join(', ');
}
