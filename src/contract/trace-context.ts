import { defaultPayloadConverter, type Headers } from '@temporalio/common';

/** Temporal's own OpenTelemetry interceptors use this header: a run joins the trace of whoever starts it. */
const traceHeader = '_tracer-data';

/** One span of a trace, named as W3C does: 32 and 16 hex digits. */
export interface TraceSpan {
  traceId: string;
  spanId: string;
  /** Whether anybody keeps the trace. */
  sampled: boolean;
}

/** What a run tells when it is over. */
export interface EndedRun {
  /** Who started it; absent where nobody said. */
  parent: TraceSpan | undefined;
  /** `ok`, `cancelled`, `continued`, or the kind of the failure; never its message. */
  outcome: string;
}

/**
 * The span of a run comes from its run id, so that a replay and every worker name the same one. Nothing is drawn at
 * random: that would change what an open run draws later.
 */
export function spanOfRun(runId: string, parent?: TraceSpan): TraceSpan {
  const digits = runId.replaceAll('-', '');
  const { traceId, sampled } = parent ?? { traceId: digits, sampled: true };
  return { traceId, spanId: digits.slice(16), sampled };
}

export function withTrace(headers: Headers, span: TraceSpan): Headers {
  const { traceId, spanId, sampled } = span;
  const traceparent = `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
  return { ...headers, [traceHeader]: defaultPayloadConverter.toPayload({ traceparent }) };
}

/** Total: what cannot be read, such as the header of a caller with a converter of its own, is no trace. */
export function readTrace(headers: Headers): TraceSpan | undefined {
  const [, traceId, spanId, flags] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparentIn(headers)) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, sampled: Number.parseInt(flags, 16) % 2 === 1 };
}

function traceparentIn(headers: Headers): string {
  const header = headers[traceHeader];
  if (!header) return '';
  try {
    const data = defaultPayloadConverter.fromPayload<{ traceparent?: unknown } | null>(header);
    return String(data?.traceparent);
  } catch {
    return '';
  }
}
