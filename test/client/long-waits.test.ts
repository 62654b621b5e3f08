import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createVideoClient } from '../../src/client.ts';
import { createFakeClient, startTime } from '../fakes/fake-client.ts';
import { result } from './outcomes.ts';

test('a wait of many long polls prints no warning of Node', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  let hasEnded = false;
  const { client } = createFakeClient({
    runs: () => (hasEnded ? { status: 'COMPLETED' } : {}),
    query: () => ({ phase: 'running', billed: 'yes', startedAt: startTime.toISOString() }),
    end: async () => {
      await turn();
      hasEnded = true;
    },
    longPolls: 20,
    result: () => result,
  });
  const videos = await createVideoClient({ client });
  expect(await videos.wait('demo', { intervalMs: 3_600_000 })).toMatchObject({ outcome: 'stored' });
  await turn();
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
