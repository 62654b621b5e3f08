import { ApplicationFailure, type Headers } from '@temporalio/common';
import {
  ContinueAsNew,
  isCancellation,
  proxySinks,
  workflowInfo,
  type Sinks,
  type WorkflowInterceptors,
} from '@temporalio/workflow';
import {
  readTrace,
  spanOfRun,
  withTrace,
  type EndedRun,
  type TraceSpan,
} from '../contract/trace-context.ts';

interface TracingSinks extends Sinks {
  tracing: { ended(run: EndedRun): void };
}

/**
 * Hands the trace context on, where a run was started with one, and tells the worker of its end. In every bundle: it
 * makes no command, so that runs change from workers with traces to workers without, and back.
 */
export function interceptors(): WorkflowInterceptors {
  const { tracing } = proxySinks<TracingSinks>();
  let parent: TraceSpan | undefined;
  const handOn = <T extends { headers: Headers }>(input: T): T =>
    parent
      ? { ...input, headers: withTrace(input.headers, spanOfRun(workflowInfo().runId, parent)) }
      : input;
  return {
    inbound: [
      {
        execute: async (input, next) => {
          parent = readTrace(input.headers);
          try {
            const result = await next(input);
            tracing.ended({ parent, outcome: 'ok' });
            return result;
          } catch (error) {
            tracing.ended({ parent, outcome: outcomeOf(error) });
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(handOn(input)),
        scheduleLocalActivity: (input, next) => next(handOn(input)),
        startChildWorkflowExecution: (input, next) => next(handOn(input)),
        continueAsNew: (input, next) => next(handOn(input)),
      },
    ],
  };
}

function outcomeOf(error: unknown): string {
  if (error instanceof ContinueAsNew) return 'continued';
  if (isCancellation(error)) return 'cancelled';
  return (error instanceof ApplicationFailure && error.type) || 'failed';
}
