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

/** Retries included: a command waits this long at its end for a receiver that is down. */
const timeoutMillis = 3_000;

export interface TracerOptions {
  /** Where spans are sent, by OTLP over HTTP, as JSON. */
  url: string;
  /** Sent along, e.g. the token of a service. */
  headers: Record<string, string>;
  /** Attributes of this service; default: its name `onetake`. */
  resource?: Record<string, string>;
  /** Which proxy they take; none where absent. */
  proxies?: ProxySettings;
}

export interface SpanOptions {
  name: string;
  kind: 'client' | 'server' | 'consumer';
  parent?: TraceSpan | undefined;
  /** Its own ids, where others know them beforehand. */
  own?: TraceSpan;
  startedAt?: Date;
  /** No prompt, key or address of a result: spans leave the house. */
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
  /** Sends what is left; a receiver that is down is no error. */
  shutdown(): Promise<void>;
}

/** The one place that knows OpenTelemetry; loaded only where spans are exported. Nothing is registered globally. */
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
