import { defaultPayloadConverter, type Headers } from '@temporalio/common';

/** The header of Temporal's OpenTelemetry interceptors. With it, a run joins the trace of its caller. */
const traceHeader = '_tracer-data';

/** A span by its W3C ids: 32 and 16 hex digits. */
export interface TraceSpan {
  traceId: string;
  spanId: string;
  /** Whether the trace is recorded. */
  sampled: boolean;
}

/** What is recorded about a run at its end. */
export interface EndedRun {
  /** The span of the caller, if known. */
  parent: TraceSpan | undefined;
  /** `ok`, `cancelled`, `continued`, or the kind of the failure; never its message. */
  outcome: string;
}

/**
 * Derives the span of a run from its run id, so that it is the same on replay and on every worker. A random id would
 * also shift the workflow's random sequence in open runs.
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

/** Never throws. A header that cannot be read, e.g. of a caller with another converter, counts as no trace. */
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
