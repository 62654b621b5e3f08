import { describe, expect, test } from 'vitest';
import { createRequestLog } from '../../src/activities/resolve/search-request-log.ts';
import type { RequestLogRow } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { createFakeGateway, type GatewayScript } from '../fakes/fake-gateway.ts';

const rows: RequestLogRow[] = [{ type: 'error', quota: 0, requestId: 'r' }];
const startMs = 1_800_000_000_000;
const { signal } = new AbortController();

function setUp(script: GatewayScript) {
  let nowMs = startMs;
  const gateway = createFakeGateway(script);
  const log = createRequestLog({ gateway, now: () => nowMs });
  return {
    gateway,
    pass: (ms: number) => (nowMs += ms),
    read: (answeredAtMs = nowMs - 1) => log.read({ requestId: 'r', answeredAtMs }, signal),
  };
}

describe('the request log with the API key alone', () => {
  test('is read once for all who look at about the same time', async () => {
    const { gateway, read } = setUp({ keyLog: [rows] });
    const found = await Promise.all(Array.from({ length: 50 }, () => read()));
    expect(found).toEqual(Array.from({ length: 50 }, () => ({ rows })));
    expect(gateway.keyLogReads()).toBe(1);
  });

  test('is read again for an answer that came after the last reading', async () => {
    const { gateway, read, pass } = setUp({ keyLog: [[], rows] });
    await read();
    pass(1_000);
    expect(await read()).toEqual({ rows });
    expect(gateway.keyLogReads()).toBe(2);
  });

  test('is never read more than 16 times in 20 minutes, by all videos together', async () => {
    const { gateway, read, pass } = setUp({ keyLog: [rows] });
    const counts: number[] = [0];
    for (let minute = 0; minute < 120; minute += 1) {
      for (let video = 0; video < 10; video += 1) {
        await read();
        pass(6_000);
      }
      counts.push(gateway.keyLogReads());
    }
    const windows = counts.slice(20).map((count, nth) => count - (counts[nth] ?? 0));
    expect(Math.max(...windows)).toBeLessThanOrEqual(16);
    expect(Math.max(...windows)).toBeGreaterThan(10);
  });

  test('is left alone as long as a 429 asks for', async () => {
    const limited = new GatewayError('rate_limited', 'Too many', { retryAfterMs: 600_000 });
    const { gateway, read, pass } = setUp({ keyLog: [limited, rows] });
    expect(await read()).toEqual({ unread: 'Too many', againInMs: 600_000 });
    pass(599_000);
    expect(await read()).toMatchObject({ againInMs: 1_000 });
    expect(gateway.keyLogReads()).toBe(1);
    pass(1_000);
    expect(await read()).toEqual({ rows });
  });
});

describe('the request log with an access token', () => {
  test('is asked for each request by itself, without the limited route', async () => {
    const { gateway, read } = setUp({ requests: [rows] });
    await Promise.all([read(), read()]);
    expect([gateway.lookedFor, gateway.keyLogReads()]).toEqual([['r', 'r'], 0]);
  });

  test('that is refused falls back on the API key', async () => {
    const refused = new GatewayError('auth', 'The token is not let in');
    const { read } = setUp({ requests: [refused], keyLog: [rows] });
    expect(await read()).toEqual({ rows });
  });

  test('that cannot be reached is "not read"', async () => {
    const { read } = setUp({ requests: [new GatewayError('gateway_unavailable', 'gone')] });
    expect(await read()).toEqual({ unread: 'gone' });
  });
});
