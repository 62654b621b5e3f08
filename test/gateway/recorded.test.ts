import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import type { Gateway, JobStatus } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { startWireServer } from '../fakes/wire-server.ts';
import { replyOf, type WireSample, wireSample, wireSamples } from './wire-samples.ts';

const timeoutMs = 5_000;

describe('every recorded answer has its one meaning', () => {
  test.each(rowsOf('expected-status.txt'))('status: %s', async (name, expected) => {
    const meaning = await answered(name, async ({ gateway, path, format }) => {
      const jobId = path.split('/').pop() ?? '';
      return describeStatus(await gateway.status({ format, jobId }, { timeoutMs }));
    });
    expect(meaning).toBe(expected);
  });

  test.each(rowsOf('expected-submit.txt'))('submit: %s', async (name, expected) => {
    const meaning = await answered(name, async ({ gateway, format }) => {
      const job = await gateway.submit(
        { format, body: { model: 'm', prompt: 'p' } },
        { timeoutMs },
      );
      expect(job.jobId).toMatch(/^task_\w{32}$/);
      return 'accepted';
    });
    expect(meaning).toBe(expected);
  });

  test.each(rowsOf('expected-content.txt'))('content: %s', async (name, expected) => {
    const meaning = await answered(name, async ({ gateway, url }) => {
      const result = await gateway.openResult(
        { url },
        { headersTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs },
      );
      let sizeBytes = 0;
      for await (const chunk of result.body) sizeBytes += chunk.length;
      return `${sizeBytes} bytes${result.acceptsRanges ? ', ranges' : ''}`;
    });
    expect(meaning).toBe(expected);
  });

  test('listModels() returns the recorded ids in their order', async () => {
    await using server = await startWireServer(replyOf(wireSample('models-list')));
    const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
    const models = await gateway.listModels({ timeoutMs });
    expect(models).toHaveLength(12);
    expect(models[0]).toBe('MiniMax-Hailuo-02');
  });

  test('no sample is left out', () => {
    const tables = ['expected-status.txt', 'expected-submit.txt', 'expected-content.txt'];
    const listed = new Set([...tables.flatMap(rowsOf).map(([name]) => name), 'models-list']);
    const left = wireSamples.map(({ name }) => name).filter((name) => !listed.has(name));
    // The dashboard's routes, and four exchanges where the client hung up.
    expect(left.filter((name) => !/^(api|billing)-/.test(name))).toEqual([]);
  });
});

/** Rows `name | what it means`. */
function rowsOf(file: string): [string, string][] {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [name = '', ...meaning] = line.split(' | ');
    return [name, meaning.join(' | ')];
  });
}

interface Asking {
  gateway: Gateway;
  format: 'videos' | 'generations';
  path: string;
  url: string;
}

async function answered(name: string, ask: (asking: Asking) => Promise<string>): Promise<string> {
  const sample: WireSample = wireSample(name);
  await using server = await startWireServer(replyOf(sample));
  const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
  const path = sample.request.path.split('?')[0] ?? '';
  const format = path.startsWith('/v1/videos') ? 'videos' : 'generations';
  try {
    return await ask({ gateway, format, path, url: `${server.origin}${path}` });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { submitOutcome, kind, gatewayCode = '-', pause } = error;
    return [submitOutcome, kind, gatewayCode, pause ? 'pause' : undefined]
      .filter(Boolean)
      .join(' | ');
  }
}

function describeStatus(status: JobStatus): string {
  const { state, noNews, rawStatus = '-', progressPercent = '-', failure, resultUrls } = status;
  const missing = status.reasonMissing ? ', no reason' : '';
  const kept = failure?.notRefunded ? ', not refunded' : '';
  const last = failure ? ` ${failure.kind}${missing}${kept}` : '';
  const urls = state === 'succeeded' ? ` ${resultUrls.length} url` : '';
  return `${noNews ? 'no news' : state} | ${rawStatus} | ${progressPercent} |${last}${urls}`;
}
