import { describe, expect, test } from 'vitest';
import { metrics } from '../../../src/contract/metrics.ts';
import { createHttpMetrics } from '../../../src/serve/metrics/http-metrics.ts';
import { readSamples } from '../../../src/worker/metrics/read-samples.ts';

const entry = { requestId: 'req_1', method: 'POST', route: '/v1/videos', status: 200 } as const;

function harness() {
  const now = { received: 0, sent: 0, streams: 0 };
  const made = createHttpMetrics({
    traffic: () => ({ received: now.received, sent: now.sent }),
    streams: () => now.streams,
  });
  const read = async (name: string) =>
    readSamples(await made.page())
      .filter((sample) => sample.name === name)
      .map(({ labels, value }) => [Object.values(labels).join(' '), value]);
  return { ...made, now, read };
}

describe('the metrics of the HTTP API', () => {
  test('count each response by method, route and status, with its time in seconds', async () => {
    const { onResponse, read } = harness();
    onResponse({ ...entry, durationMs: 40, outcome: 'started' });
    onResponse({ ...entry, durationMs: 60, outcome: 'joined' });
    onResponse({ ...entry, durationMs: 1, status: 429, errorCode: 'rate_limit_exceeded' });
    expect(await read('onetake_http_requests_total')).toEqual([
      ['POST /v1/videos 200', 2],
      ['POST /v1/videos 429', 1],
    ]);
    const [[, seconds]] = (await read('onetake_http_request_seconds_sum')) as [[string, number]];
    expect(seconds).toBeCloseTo(0.101);
    expect(await read('onetake_http_creates_total')).toEqual([
      ['started', 1],
      ['joined', 1],
    ]);
    expect(await read('onetake_http_errors_total')).toEqual([['rate_limit_exceeded', 1]]);
  });

  test('show traffic and open streams as they are when they are read', async () => {
    const { now, read } = harness();
    for (const received of [5, 12]) {
      Object.assign(now, { received, sent: 2 * received, streams: received });
      expect(await read('onetake_http_bytes_total')).toEqual([
        ['received', received],
        ['sent', 2 * received],
      ]);
      expect(await read('onetake_http_streams')).toEqual([['', received]]);
    }
  });

  test('of two servers in one process are separate, and each has those of the process', async () => {
    const [one, other] = [harness(), harness()];
    one.onResponse({ ...entry, durationMs: 1 });
    expect(await other.read('onetake_http_requests_total')).toEqual([]);
    const names = new Set(readSamples(await other.page()).map(({ name }) => name));
    expect(names).toContain('process_resident_memory_bytes');
    expect(names).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  test('have the buckets of the documented table', async () => {
    const { onResponse, read } = harness();
    onResponse({ ...entry, durationMs: 1 });
    const bounds = (await read('onetake_http_request_seconds_bucket')).map(([labels]) =>
      Number(String(labels).split(' ')[0]?.replace('+Inf', 'Infinity')),
    );
    expect(bounds).toEqual([...metrics.onetake_http_request_seconds.buckets, Infinity]);
  });
});
