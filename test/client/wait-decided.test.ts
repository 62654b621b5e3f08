import { expect, test } from 'vitest';
import { createVideoClient } from '../../src/client.ts';
import { createFakeClient, startTime, type FakeRun } from '../fakes/fake-client.ts';
import { result } from './outcomes.ts';

test('a wait continues while a decision on an unresolved submit takes effect', async () => {
  const status = {
    phase: 'unresolved',
    billed: 'maybe',
    startedAt: startTime.toISOString(),
    unresolved: { decided: 'abandon' },
  };
  let describes = 0;
  const runs = (): FakeRun => {
    describes += 1;
    return describes < 4 ? { phase: 'unresolved' } : { status: 'COMPLETED' };
  };
  const { client } = createFakeClient({ runs, query: () => status, result: () => result });
  const videos = await createVideoClient({ client });
  expect(await videos.wait('demo', { intervalMs: 1 })).toMatchObject({ outcome: 'stored' });
});
