import { expect, test } from 'vitest';
import type { VideoStatus } from '../../src/contract/messages.ts';
import type { McpPorts } from '../../src/mcp/ports.ts';
import { cat, dataOf, mcpHarness, textOf } from './mcp-harness.ts';

/** A harness with one stored video of the tenant. */
async function withVideo(own: Partial<McpPorts> = {}) {
  const harness = await mcpHarness(own);
  harness.permissions.stand();
  const connection = await harness.connect();
  const made = dataOf(await connection.call('generate_video', { ...cat, key: 'mine' }));
  return { ...harness, ...connection, id: String(made['id']) };
}

test('wait_for_video returns at once for a video that has ended', async () => {
  const { call, id } = await withVideo();
  const result = await call('wait_for_video', { id });
  expect(dataOf(result)).toMatchObject({ phase: 'stored', timed_out: false });
});

/** A harness with a video in a phase, and the waits that it sees. */
async function inPhase(
  phase: 'running' | 'unresolved' | 'overdue',
  {
    closing,
    unresolved,
  }: Partial<Pick<McpPorts, 'closing'> & Pick<VideoStatus, 'unresolved'>> = {},
) {
  const harness = await withVideo(closing && { closing });
  const { ports } = harness;
  const { read } = ports;
  ports.read = async (...given) => {
    const { found, status } = await read(...given);
    return { found, status: { ...status, phase, live: true, ...(unresolved && { unresolved }) } };
  };
  const waits: unknown[] = [];
  ports.videos.wait = (_, { timeoutMs, untilClosed } = {}) => {
    waits.push({ timeoutMs, untilClosed });
    return Promise.resolve({ outcome: 'timeout' } as never);
  };
  return { ...harness, waits };
}

test('wait_for_video is bounded, and a wait that ends before the video is no error', async () => {
  const { call, id, waits } = await inPhase('running');
  const result = await call('wait_for_video', { id });
  expect(dataOf(result)).toMatchObject({ timed_out: true, status: 'in_progress' });
  await call('wait_for_video', { id, seconds: 45 });
  expect(waits).toEqual([
    { timeoutMs: 25_000, untilClosed: false },
    { timeoutMs: 45_000, untilClosed: false },
  ]);
});

test('wait_for_video waits for an overdue video, and not for a person', async () => {
  const overdue = await inPhase('overdue');
  await overdue.call('wait_for_video', { id: overdue.id });
  expect(overdue.waits).toEqual([{ timeoutMs: 25_000, untilClosed: true }]);
  const unresolved = await inPhase('unresolved');
  const result = await unresolved.call('wait_for_video', { id: unresolved.id });
  expect(unresolved.waits).toEqual([]);
  expect(dataOf(result)).toMatchObject({ timed_out: false, status: 'in_progress' });
  expect(textOf(result)).toContain('A person decides');
});

test('wait_for_video refuses a wait that a host would not survive', async () => {
  const { call, id } = await withVideo();
  expect((await call('wait_for_video', { id, seconds: 46 })).isError).toBe(true);
});

test('a video is under way once its submit was decided: wait_for_video waits for it', async () => {
  const unresolved = {
    failure: { kind: 'worker_lost', message: 'No answer', billed: 'maybe' } as const,
    since: '2026-11-30T12:00:00.000Z',
    until: '2026-11-30T12:00:01.000Z',
    findings: [],
    candidates: ['job-1'],
    decided: 'adopt' as const,
  };
  const { call, id, waits } = await inPhase('unresolved', { unresolved });
  const result = await call('wait_for_video', { id });
  expect(dataOf(result)).toMatchObject({ timed_out: true, status: 'in_progress' });
  expect(textOf(result)).not.toContain('A person decides');
  expect(waits).toHaveLength(1);
});

test('open waits count as open streams of the key: above the limit, the answer comes at once', async () => {
  const { call, id, ports, waits } = await inPhase('running');
  const left = Array.from({ length: 10 }, () => ports.streams.open('none'));
  const refused = dataOf(await call('wait_for_video', { id }));
  expect(refused).toMatchObject({ timed_out: true, phase: 'running' });
  expect(waits).toEqual([]);
  left[0]?.();
  ports.videos.wait = () => {
    waits.push(ports.streams.count('none'));
    return Promise.reject(new Error('Temporal does not answer'));
  };
  await call('wait_for_video', { id });
  expect([waits, ports.streams.count('none')]).toEqual([[10], 9]);
});

test('the end of the server ends a wait, and nothing is read after it', async () => {
  const closing = new AbortController();
  const { call, id, ports, errors } = await inPhase('running', { closing: closing.signal });
  let reads = 0;
  const { read } = ports;
  ports.read = (...given) => {
    reads += 1;
    return read(...given);
  };
  ports.videos.wait = async (_, { signal } = {}) => {
    closing.abort();
    signal?.throwIfAborted();
    return expect.fail('the wait was not ended');
  };
  expect(dataOf(await call('wait_for_video', { id }))).toMatchObject({ timed_out: true });
  expect([reads, errors]).toEqual([1, []]);
});
