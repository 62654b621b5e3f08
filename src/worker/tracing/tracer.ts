import { randomBytes } from 'node:crypto';
import { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags, SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { proxiedAgents } from '../../egress/proxied-agents.ts';
import { proxyFor, type ProxySettings } from '../../egress/proxy-for.ts';
import type { TraceSpan } from '../../contract/trace-context.ts';

/** Including retries. A command waits at most this long at its end for an unreachable receiver. */
const timeoutMillis = 3_000;

export interface TracerOptions {
  /** Receiver of spans: OTLP over HTTP, as JSON. */
  url: string;
  /** Headers, e.g. an access token. */
  headers: Record<string, string>;
  /** Resource attributes. Default: service name `onetake`. */
  resource?: Record<string, string>;
  /** Proxy for exports. Default: none. */
  proxies?: ProxySettings;
}

export interface SpanOptions {
  name: string;
  kind: 'client' | 'server' | 'consumer';
  parent?: TraceSpan | undefined;
  /** Predetermined ids of the span. */
  own?: TraceSpan;
  startedAt?: Date;
  /** Must not contain prompts, keys or result addresses, because spans go to an external service. */
  attributes?: Record<string, string | number>;
}

const kinds = {
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
} as const;

export interface OpenSpan {
  span: TraceSpan;
  end(outcome: string, result: { error: boolean }): void;
}

export interface Tracer {
  begin(options: SpanOptions): OpenSpan;
  /** Exports remaining spans. An unreachable receiver is not an error. */
  shutdown(): Promise<void>;
}

/** The only user of OpenTelemetry, loaded only if spans are exported. Registers nothing globally. */
export function createTracer({
  url,
  headers,
  resource = { 'service.name': 'onetake' },
  proxies = {},
}: TracerOptions): Tracer {
  const { httpAgent, httpsAgent } = proxiedAgents(proxyFor(proxies));
  const httpAgentOptions = (protocol: string) => (protocol === 'https:' ? httpsAgent : httpAgent);
  let chosen: TraceSpan | undefined;
  const provider = new TracerProvider({
    resource: resourceFromAttributes(resource),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, headers, timeoutMillis, httpAgentOptions }),
      }),
    ],
    idGenerator: {
      generateTraceId: () => chosen?.traceId ?? randomBytes(16).toString('hex'),
      generateSpanId: () => chosen?.spanId ?? randomBytes(8).toString('hex'),
    },
  });
  const tracer = provider.getTracer('onetake');
  return {
    begin: ({ name, kind, parent, own, startedAt, attributes }) => {
      chosen = own;
      const options = {
        kind: kinds[kind],
        ...(startedAt && { startTime: startedAt }),
        ...(attributes && { attributes }),
      };
      const span = tracer.startSpan(name, options, contextOf(parent));
      chosen = undefined;
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        span: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
        end: (outcome, { error }) => {
          span.setAttribute('onetake.outcome', outcome);
          if (error) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    shutdown: () => provider.shutdown().catch(() => {}),
  };
}

function contextOf(parent: TraceSpan | undefined) {
  if (!parent) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = parent;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
