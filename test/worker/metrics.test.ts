import type { MetricMeter, MetricTags } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { metrics } from '../../src/contract/metrics.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { measuredGateway } from '../../src/worker/metrics/measured-gateway.ts';
import { currentModel, noteModel } from '../../src/worker/metrics/model-label.ts';
import { readSamples, type Sample } from '../../src/worker/metrics/read-samples.ts';
import { quantile, summarize } from '../../src/worker/metrics/summarize.ts';
import { readStorage } from '../../src/worker/metrics/watch-storage.ts';
import { createFakeGateway } from '../fakes/fake-gateway.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { astronaut } from '../e2e/requests.ts';

/** Keeps what is recorded, as samples. */
function createFakeMeter(): { meter: MetricMeter; samples: Sample[] } {
  const samples: Sample[] = [];
  const instrument = (name: string) => {
    const record = (value: number, tags: MetricTags = {}) => {
      const labels = Object.entries(tags).map(([key, tag]) => [key, String(tag)]);
      samples.push({ name, value, labels: Object.fromEntries(labels) as Sample['labels'] });
    };
    return { name, add: record, record, set: record };
  };
  const create = (name: string) => instrument(name) as never;
  const meter = { createCounter: create, createHistogram: create, createGauge: create } as never;
  return { meter, samples };
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) expect(chunk.length).toBeGreaterThan(0);
}

const exchange = { timeoutMs: 1_000 };
const video = new Uint8Array(10);

function countsIn(samples: readonly Sample[]) {
  return samples
    .filter(({ name }) => name === 'onetake_gateway_requests_total')
    .map(({ labels }) => `${labels['operation']} ${labels['model']} ${labels['outcome']}`);
}

describe('a measured gateway', () => {
  const measure = (script: Parameters<typeof createFakeGateway>[0]) => {
    const { meter, samples } = createFakeMeter();
    const fake = createFakeGateway(script);
    return { fake, samples, gateway: measuredGateway({ gateway: fake, meter, model: () => 'm' }) };
  };

  test('hands on what the gateway answers, and counts it once as ok, with its time', async () => {
    const { gateway, samples, fake } = measure({ submit: [{ jobId: 'job-1' }] });
    expect(await gateway.submit(astronaut, exchange)).toMatchObject({ jobId: 'job-1' });
    expect(fake.submitted).toHaveLength(1);
    expect(countsIn(samples)).toEqual(['submit m ok']);
    expect(samples.map(({ name }) => name)).toContain('onetake_gateway_request_seconds');
  });

  test('hands on what the gateway throws, and counts it by its kind', async () => {
    const error = new GatewayError('no_channel', 'none');
    const { gateway, samples } = measure({ submit: [error] });
    await expect(gateway.submit(astronaut, exchange)).rejects.toBe(error);
    expect(countsIn(samples)).toEqual(['submit m no_channel']);
  });

  test('counts an exchange that we ended as cancelled, but never a submit that may be paid', async () => {
    const ended = { ...exchange, signal: AbortSignal.abort() };
    const { gateway, samples } = measure({
      submit: [new GatewayError('submit_unknown', 'lost')],
      balance: [new GatewayError('gateway_unavailable', 'aborted')],
    });
    await gateway.submit(astronaut, ended).catch(() => {});
    await gateway.readBalance(ended).catch(() => {});
    expect(countsIn(samples)).toEqual(['submit m submit_unknown', 'balance m cancelled']);
  });

  test('counts a download when its last byte is there, with its bytes', async () => {
    const { gateway, samples } = measure({ files: { 'https://m/v': { bytes: video } } });
    const stream = await gateway.openResult({ url: 'https://m/v' }, options);
    expect(countsIn(samples)).toEqual([]);
    await drain(stream.body);
    stream.close();
    expect(countsIn(samples)).toEqual(['download m ok']);
    expect(samples).toContainEqual({
      name: 'onetake_download_bytes_total',
      labels: { model: 'm' },
      value: video.length,
    });
  });

  test('counts a download that breaks by its kind, and one that is closed half-way as cancelled', async () => {
    const broken = { bytes: video, breaksWith: new GatewayError('truncated', 'broke') };
    const { gateway, samples } = measure({
      files: { 'https://m/b': broken, 'https://m/v': { bytes: video, chunkBytes: 1 } },
    });
    const first = await gateway.openResult({ url: 'https://m/b' }, options);
    await expect(drain(first.body)).rejects.toThrow('broke');
    first.close();
    const second = await gateway.openResult({ url: 'https://m/v' }, options);
    for await (const _ of second.body) break;
    second.close();
    expect(countsIn(samples)).toEqual(['download m truncated', 'download m cancelled']);
  });

  const options = { headersTimeoutMs: 1_000, idleTimeoutMs: 1_000 };
});

describe('the label of the model', () => {
  const labelOf = (input: unknown): Promise<unknown> =>
    (noteModel.execute as (given: object, next: () => Promise<unknown>) => Promise<unknown>)(
      { args: [input], headers: {} },
      () => Promise.resolve(currentModel()),
    );

  test('is that of the request or of the poll that the activity works for', async () => {
    expect(await labelOf({ request: { body: { model: 'sora-2' } } })).toBe('sora-2');
    expect(await labelOf({ model: 'kling-v1' })).toBe('kling-v1');
    expect(await labelOf(undefined)).toBe('unknown');
    expect(currentModel()).toBe('unknown');
  });

  test('takes a bounded number of values, each of bounded length, whatever callers invent', async () => {
    const invented = Array.from({ length: 300 }, (_, nth) => ({
      model: `${nth}-${'x'.repeat(900)}`,
    }));
    const labels = new Set(await Promise.all(invented.map(labelOf)));
    expect(labels.size).toBeLessThan(60);
    expect(labels).toContain('other');
    expect(Math.max(...Array.from(labels, (label) => String(label).length))).toBeLessThan(100);
    expect(await labelOf({ model: 'sora-2' })).toBe('sora-2');
  });
});

describe('the table of metrics', () => {
  test('names each by what it is: counters end with _total, the unit is in the name', () => {
    for (const [name, { kind, unit }] of Object.entries(metrics)) {
      expect(name).toMatch(/^onetake_[a-z_]+$/);
      expect({ name, total: name.endsWith('_total') }).toEqual({ name, total: kind === 'counter' });
      const word = { '': '', s: '_seconds', h: '_hours', By: '_bytes' }[unit];
      expect(name).toContain(word);
    }
  });

  test('gives every histogram buckets that rise', () => {
    for (const traits of Object.values(metrics)) {
      const buckets = 'buckets' in traits ? [...traits.buckets] : [];
      expect(buckets.length > 3).toBe(traits.kind === 'histogram');
      expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
    }
  });
});

describe('samples', () => {
  test('are read with escaped labels; comments are left out', () => {
    const text =
      '# TYPE a counter\na{x="1",y="\\"\\\\\\n☃, {}"} 2\nb 3.5e+1\nc_bucket{le="+Inf"} +Inf\n';
    expect(readSamples(text)).toEqual([
      { name: 'a', labels: { x: '1', y: '"\\\n☃, {}' }, value: 2 },
      { name: 'b', labels: {}, value: 35 },
      { name: 'c_bucket', labels: { le: '+Inf' }, value: Infinity },
    ]);
  });

  test('of several workers are summed, and what all of them know counts once', () => {
    const page = readSamples(`
onetake_gateway_requests_total{operation="submit",model="a",outcome="ok"} 3
onetake_gateway_requests_total{operation="submit",model="a",outcome="quota"} 1
onetake_gateway_requests_total{operation="submit",model="a",outcome="cancelled"} 5
onetake_gateway_requests_total{operation="poll",model="a",outcome="ok"} 12
onetake_gateway_request_seconds_bucket{operation="submit",model="a",le="1"} 2
onetake_gateway_request_seconds_bucket{operation="submit",model="a",le="3"} 4
onetake_gateway_request_seconds_bucket{operation="submit",model="a",le="+Inf"} 4
onetake_gateway_request_seconds_sum{operation="submit",model="a"} 6
onetake_gateway_request_seconds_count{operation="submit",model="a"} 4
onetake_videos_open{phase="unresolved"} 2
onetake_asks_total{answer="cached"} 1`);
    const stats = summarize([...page, ...page]);
    expect(stats.operations[0]).toEqual({
      operation: 'submit',
      model: 'a',
      requests: 8,
      failures: 2,
      successRate: 0.75,
      seconds: { count: 8, average: 1.5, p50: 1, p95: 2.8, p99: 2.96 },
      errors: { quota: 2 },
    });
    expect(stats).toMatchObject({ pollsPerJob: 4, open: { unresolved: 2 }, asks: { cached: 2 } });
  });

  test('without any observation have no quantile, and none above the last bound', () => {
    expect(quantile([{ le: Infinity, value: 0 }], 0.5)).toBeNull();
    expect(
      quantile(
        [
          { le: 1, value: 0 },
          { le: Infinity, value: 3 },
        ],
        0.5,
      ),
    ).toBe(1);
  });
});

test('the gauges of the storage tell videos and what is unfinished apart, and what is free', async () => {
  const { storage } = await tempStorage();
  const storedAt = '2026-01-01T00:00:00Z';
  await keepVideo(storage, 'one', { storedAt, sizeBytes: 10 });
  await keepVideo(storage, 'two', { storedAt, sizeBytes: 30 });
  const staged = await storage.stage('videos/new.mp4');
  await staged.write(Buffer.alloc(7));
  const { meter, samples } = createFakeMeter();
  const space = async () => ({ freeBytes: 5, totalBytes: 9 });
  await readStorage({ storage: { ...storage, space }, meter });
  const told = samples.map(({ name, labels, value }) => [name, labels['of'], value]);
  expect(told).toEqual([
    ['onetake_storage_free_bytes', undefined, 5],
    ['onetake_storage_files', 'videos', 2],
    ['onetake_storage_bytes', 'videos', 40],
    ['onetake_storage_files', 'unfinished', 1],
    ['onetake_storage_bytes', 'unfinished', 7],
  ]);
});
