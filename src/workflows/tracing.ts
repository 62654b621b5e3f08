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
 * Passes the trace context on if a run was started with one, and reports the end of the run to the worker. It is part
 * of every bundle: it issues no command, so runs can move between workers with and without tracing.
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
