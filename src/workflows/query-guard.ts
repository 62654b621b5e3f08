import { ApplicationFailure } from '@temporalio/common';
import { workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';

/** The id of a query that came as a task of its own, not with a workflow task. */
const directQueryId = 'legacy_query';
/** A query task is answered or given up long before. */
const sameTaskMs = 60_000;

/** Type of the failure: whoever asks again is answered. */
const queryTooEarly = 'query_too_early';

/**
 * Refuses a direct query of a run that has just been read from its history up to events that no finished workflow task
 * covers yet. The refusal makes the worker forget the run, and the next workflow task reads the history anew.
 *
 * Answered, such a query would leave the run in the cache one activation ahead: what came together in history would
 * come in two parts, and the commands in another order than in any later replay (docs/decisions/0013). No command is
 * made here, so that every run replays with and without it.
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
  'The run has just been read from its history, and its next step is not decided: ask again';

/** Real time, which decides about queries only. */
function nowMs(): number {
  return workflowInfo().unsafe.now();
}
