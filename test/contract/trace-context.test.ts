import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { readTrace, spanOfRun, withTrace } from '../../src/contract/trace-context.ts';

const runId = '0199f6c2-7d1e-7a3b-8c4d-1234567890ab';
const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false };
const headerOf = (data: unknown) => ({ '_tracer-data': defaultPayloadConverter.toPayload(data) });

describe('the span of a run', () => {
  test('belongs to the trace of the caller, and keeps its sampling decision', () => {
    expect(spanOfRun(runId, parent)).toEqual({ ...parent, spanId: '8c4d1234567890ab' });
  });

  test('starts its own trace if the caller sends none', () => {
    const traceId = '0199f6c27d1e7a3b8c4d1234567890ab';
    expect(spanOfRun(runId)).toEqual({ traceId, spanId: '8c4d1234567890ab', sampled: true });
  });
});

describe('the trace context in a header', () => {
  test.each([true, false])('is read as it was written, sampled %s', (sampled) => {
    expect(readTrace(withTrace({}, { ...parent, sampled }))).toEqual({ ...parent, sampled });
  });

  test('is added to other headers', () => {
    const theirs = defaultPayloadConverter.toPayload('theirs');
    expect(withTrace({ theirs }, parent)).toMatchObject({ theirs });
  });

  test.each([
    ['no header', {}],
    ['no trace', headerOf({})],
    ['nothing', headerOf(null)],
    ['another version', headerOf({ traceparent: `ff-${parent.traceId}-${parent.spanId}-01` })],
    ['an encrypted one', { '_tracer-data': { metadata: { encoding: Buffer.from('binary/x') } } }],
  ])('that is %s is ignored', (_, headers) => {
    expect(readTrace(headers)).toBeUndefined();
  });
});
