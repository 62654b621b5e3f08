import { describe, expect, test } from 'vitest';
import { admissionId } from '../../src/identity/admission-id.ts';
import { OtherStorage } from '../../src/worker/claims-storage.ts';
import { gatewayConfig } from '../../src/config/gateway-config.ts';
import { storageConfig } from '../../src/config/storage-config.ts';
import { workerConfig } from '../../src/config/worker-config.ts';
import { operateConfig } from '../../src/config/operate-config.ts';
import { demandOwnClaims } from '../../src/worker/upkeep.ts';
import { createFakeClient, type FakeRun } from '../fakes/fake-client.ts';

const gateway = 'https://gateway.test';
const key = 'sk-test';

interface Starting {
  queues: string;
  storageId?: string;
  apiKey?: string;
}

/** A worker of these queues starts, while the admission of its account knows the storage `ours`. */
function starting({ queues, storageId, apiKey = key }: Starting): Promise<void> {
  const env = { WORKER_QUEUES: queues, GATEWAY_BASE_URL: gateway, GATEWAY_API_KEY: apiKey };
  const options = {
    gateway: gatewayConfig(env),
    storage: storageConfig({ STORAGE_URL: '/videos' }),
    worker: workerConfig(env),
    operate: operateConfig(env),
  };
  const foundAs = admissionId({ gateway, key });
  const run: FakeRun = { status: 'RUNNING', foundAs, memo: { storageId: 'ours' } };
  const { client } = createFakeClient({ runs: [run] });
  return demandOwnClaims(options, { client, storageId: storageId ?? 'ours' });
}

describe.each(['workflows', 'submit', 'poll', 'download', 'webhooks'])(
  'a worker of queue %s',
  (queues) => {
    test('with another storage than that of the claims refuses to start', async () => {
      await expect(starting({ queues, storageId: 'another' })).rejects.toThrow(OtherStorage);
    });

    test('with the storage of the claims starts', async () => {
      await expect(starting({ queues })).resolves.toBeUndefined();
    });
  },
);

test('a worker whose API key was never submitted with starts with any storage', async () => {
  const stranger = { queues: 'poll', storageId: 'another', apiKey: 'sk-other' };
  await expect(starting(stranger)).resolves.toBeUndefined();
});
