import { AsyncLocalStorage } from 'node:async_hooks';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import {
  readTrace,
  spanOfRun,
  type EndedRun,
  type TraceSpan,
} from '../../contract/trace-context.ts';
import type { Tracer, TracerOptions } from './tracer.ts';

/** Optional lists of the gateway: a video does not need them. */
const optionalLists: ReadonlySet<string> = new Set(['models', 'prices']);

type Sinks = InjectedSinks<{ tracing: { ended(run: EndedRun): void } }>;

/** Tracing of a worker and its gateway. */
export interface WorkerTracing {
  activity: ActivityInterceptorsFactory[];
  /** Present without tracing too, because workflows always call it at their end. */
  sinks: Sinks;
  /** Starts the span of an exchange, and returns a function that ends it. The gateway gets no trace header. */
  exchange?: (operation: string) => (outcome: string) => void;
  shutdown(): Promise<void>;
}

/** Without options, OpenTelemetry is not loaded. */
export async function workerTracing(options: TracerOptions | undefined): Promise<WorkerTracing> {
  if (!options) return { activity: [], sinks: sinksOf(() => {}), shutdown: async () => {} };
  const { createTracer } = await import('./tracer.ts');
  const tracer = createTracer(options);
  const current = new AsyncLocalStorage<TraceSpan>();
  return {
    activity: [tracedActivities(tracer, current)],
    sinks: sinksOf((info, { parent, outcome }) => {
      const { workflowType: type, workflowId, runId, startTime } = info;
      const name = `RunWorkflow:${type}`;
      const own = spanOfRun(runId, parent);
      const attributes = { temporalWorkflowID: workflowId, temporalRunID: runId };
      const span = tracer.begin({
        name,
        kind: 'server',
        parent,
        own,
        startedAt: startTime,
        attributes,
      });
      span.end(outcome, { error: !['ok', 'cancelled', 'continued'].includes(outcome) });
    }),
    exchange: (operation) => {
      const name = `gateway ${operation}`;
      const span = tracer.begin({ name, kind: 'client', parent: current.getStore() });
      const isOptional = optionalLists.has(operation);
      return (outcome) =>
        span.end(outcome, { error: !isOptional && !['ok', 'cancelled'].includes(outcome) });
    },
    shutdown: () => tracer.shutdown(),
  };
}

function sinksOf(ended: Sinks['tracing']['ended']['fn']): Sinks {
  return { tracing: { ended: { fn: ended, callDuringReplay: false } } };
}

/** One span per attempt. */
function tracedActivities(
  tracer: Tracer,
  current: AsyncLocalStorage<TraceSpan>,
): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      execute: (input, next) => {
        const { activityType, attempt, workflowExecution: run } = info;
        const parent = readTrace(input.headers) ?? (run && spanOfRun(run.runId));
        const attributes = {
          ...(run && { temporalWorkflowID: run.workflowId, temporalRunID: run.runId }),
          'temporal.attempt': attempt,
        };
        const span = tracer.begin({
          name: `RunActivity:${activityType}`,
          kind: 'consumer',
          parent,
          attributes,
        });
        return current.run(span.span, async () => {
          try {
            const result = await next(input);
            span.end('ok', { error: false });
            return result;
          } catch (error) {
            span.end(...endingOf(error));
            throw error;
          }
        });
      },
    },
  });
}

/** A poll without news ends its attempt with a benign failure. */
function endingOf(error: unknown): [string, { error: boolean }] {
  if (!(error instanceof ApplicationFailure)) return ['failed', { error: true }];
  const benign = error.category === ApplicationFailureCategory.BENIGN;
  return [error.type ?? 'failed', { error: !benign }];
}
