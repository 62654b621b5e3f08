import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startOtlpReceiver,
  type OtlpReceiver,
  type ReceivedSpan,
} from '../support/otlp-receiver.ts';
import { fetchEvents } from './history.ts';
import { onetakeJson } from './onetake.ts';
import { playing } from './requests.ts';
import { createHarness, type Harness } from './harness.ts';

const prompt = 'a canary sings';
const error = 2;

let harness: Harness;
let receiver: OtlpReceiver;
/** Started by the command line, with traces. */
let traced: ReceivedSpan[];
/** Started by a client without. */
let untraced: { runId: string; failedRunId: string };

beforeAll(async () => {
  harness = await createHarness();
  receiver = await startOtlpReceiver();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer of-ours',
  };
  const worker = await harness.startWorker(env);
  const flags = ['--model', 'kling-v1', '--duration', '5'];
  const { code, stderr } = await onetakeJson(harness, ['generate', prompt, ...flags], env);
  expect(code, stderr).toBe(0);
  untraced = {
    runId: await ended(playing('dl-ok')),
    failedRunId: await ended(playing('submit-vendor-400=nsfw')),
  };
  await worker.stop();
  const traceId = named('StartWorkflow:generateVideoWorkflow')[0]?.traceId;
  traced = receiver.spans.filter((span) => span.traceId === traceId);
});
afterAll(async () => {
  await harness?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

async function ended(request: Parameters<Harness['client']['start']>[0]): Promise<string> {
  const { videoId } = await harness.client.start(request);
  await harness.client.wait(videoId);
  const [started] = await fetchEvents(harness, videoId);
  return started?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? '';
}

function named(name: string, spans: readonly ReceivedSpan[] = receiver.spans): ReceivedSpan[] {
  return spans.filter((span) => span.name === name);
}

/** The names from a span of the given name up to the root. */
function pathOf(name: string): string[] {
  const path: string[] = [];
  for (let [span] = named(name, traced); span;) {
    path.push(span.name);
    const { parentSpanId } = span;
    span = traced.find(({ spanId }) => spanId === parentSpanId);
  }
  return path;
}

describe('the trace of a video', () => {
  test.each([
    ['gateway submit', 'RunActivity:submitVideo'],
    ['gateway poll', 'RunActivity:awaitVideoChange'],
    ['gateway download', 'RunActivity:storeVideo'],
  ])(
    'leads from %s through %s and the run to the command that started it',
    (exchange, activity) => {
      expect(pathOf(exchange)).toEqual([
        exchange,
        activity,
        'RunWorkflow:generateVideoWorkflow',
        'StartWorkflow:generateVideoWorkflow',
      ]);
    },
  );

  test('has one run and one POST', () => {
    expect(named('RunWorkflow:generateVideoWorkflow', traced)).toHaveLength(1);
    expect(named('gateway submit', traced)).toHaveLength(1);
  });

  test('begins with the run if the caller sends no trace context', () => {
    const { runId } = untraced;
    const spans = receiver.spans.filter(({ traceId }) => traceId === runId.replaceAll('-', ''));
    const [root] = named('RunWorkflow:generateVideoWorkflow', spans);
    expect(root?.parentSpanId ?? '').toBe('');
    expect(named('RunActivity:storeVideo', spans)[0]?.parentSpanId).toBe(root?.spanId);
  });

  test('marks the run, the attempt and the HTTP exchange that failed, and no wait between polls', () => {
    const failedTrace = untraced.failedRunId.replaceAll('-', '');
    const failed = receiver.spans.filter(({ traceId }) => traceId === failedTrace);
    for (const name of [
      'RunWorkflow:generateVideoWorkflow',
      'RunActivity:submitVideo',
      'gateway submit',
    ]) {
      expect(named(name, failed)[0]?.status?.code).toBe(error);
    }
    expect(traced.filter(({ status }) => status?.code === error)).toEqual([]);
  });
});

describe('traces', () => {
  test('contain no prompt, key or signed URL', () => {
    expect(receiver.bodies.length).toBeGreaterThan(0);
    for (const secret of [prompt, 'a cat', harness.gateway.apiKey, 'X-Amz-Signature']) {
      expect(receiver.bodies.filter((body) => body.includes(secret))).toEqual([]);
    }
  });

  test('are sent with the configured headers', () => {
    expect(new Set(receiver.authorizations)).toEqual(new Set(['Bearer of-ours']));
  });

  test('are not sent to the gateway or its vendors', () => {
    const { posts, statusRequests, mediaRequests, contentRequests } = harness.gateway.ledger;
    const seen = [...posts, ...statusRequests, ...mediaRequests, ...contentRequests];
    expect(seen.length).toBeGreaterThan(3);
    const strangers = seen.filter(
      ({ headers }) => 'traceparent' in headers || 'tracestate' in headers,
    );
    expect(strangers).toEqual([]);
  });
});
