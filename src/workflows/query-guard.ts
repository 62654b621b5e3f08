import { ApplicationFailure } from '@temporalio/common';
import { workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';

/** Id of a query that arrives as a task of its own, not with a workflow task. */
const directQueryId = 'legacy_query';
/** A query task has been answered or has timed out long before. */
const sameTaskMs = 60_000;

/** Type of the failure; a retried query is answered. */
const queryTooEarly = 'query_too_early';

/**
 * Refuses a direct query of a run that has just been replayed from its history up to events that no completed
 * workflow task covers yet. The refusal evicts the run from the worker's cache, and the next workflow task replays
 * the history.
 *
 * If such a query were answered, the cached run would be one activation ahead: events that are one activation in the
 * history would arrive as two, and commands would be in another order than in any later replay (docs/decisions/0013).
 * This code issues no command, so every run replays with and without it.
 */
export function interceptors(): WorkflowInterceptors {
  let wasReplaying = false;
  let caughtUp: { historyLength: number; atMs: number } | undefined;
  return {
    internals: [
      {
        activate: (input, next) => {
          const { jobs, isReplaying, historyLength } = input.activation;
          const queries = (jobs ?? []).flatMap(({ queryWorkflow }) => queryWorkflow ?? []);
          if (queries.length === 0) {
            if (wasReplaying && !isReplaying) {
              caughtUp = { historyLength: historyLength ?? 0, atMs: nowMs() };
            }
            wasReplaying = isReplaying === true;
          } else if (
            caughtUp?.historyLength === historyLength &&
            nowMs() - (caughtUp?.atMs ?? 0) < sameTaskMs &&
            queries.some(({ queryId }) => queryId === directQueryId)
          ) {
            throw ApplicationFailure.create({ type: queryTooEarly, message: refusal });
          }
          next(input);
        },
      },
    ],
  };
}

const refusal =
  'The run has just been read from its history, and its next step is not decided yet: ask again';

/** Real time; it decides only about queries. */
function nowMs(): number {
  return workflowInfo().unsafe.now();
}
