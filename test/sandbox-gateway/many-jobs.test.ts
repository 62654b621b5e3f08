import { expect, test } from 'vitest';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { createJob, poll } from './sandbox-client.ts';

/** How often the clock is read tells how many jobs were looked at: the state of each depends on it. */
async function clockReads(jobs: number, act: (gateway: SandboxGateway, id: string) => unknown) {
  let reads = 0;
  const now = () => {
    reads += 1;
    return Date.UTC(2026, 10, 23, 12);
  };
  await using gateway = await startSandboxGateway({ now });
  let id = '';
  for (let made = 0; made < jobs; made += 1) id = await createJob(gateway);
  reads = 0;
  await act(gateway, id);
  return reads;
}

test.each([
  ['a poll', (gateway: SandboxGateway, id: string) => poll(gateway, id)],
  ['a create', (gateway: SandboxGateway) => createJob(gateway)],
])('%s looks at no other jobs, so a run of many thousands does not slow down', async (_, act) => {
  const few = await clockReads(2, act);
  expect(few).toBeGreaterThan(0);
  expect(await clockReads(40, act)).toBe(few);
});
