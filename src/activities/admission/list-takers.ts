import type { Context } from '@temporalio/activity';
import type { AdmissionMemo } from '../../contract/admission.ts';

/** The client of an activity, for the server that runs it. */
export type ServerClient = Context['client'];

/** How long a run without lists is not looked for again: it may have just begun, or be of an older build. */
const askAgainMs = 2_000;

/**
 * Which runs of admissions take lists. Read from the memo of the run, which the server answers by itself: a query would
 * wait for a workflow task, and a release may run in a local activity, which holds up workflow tasks.
 */
export interface ListTakers {
  /** Run id of the current run if it takes lists, else null. It may have ended meanwhile. */
  runOf(client: ServerClient, admissionId: string): Promise<string | null>;
  /** The run has ended. */
  ended(admissionId: string): void;
  /** The run did not know a list. */
  refused(admissionId: string): void;
}

export function createListTakers(now: () => number = Date.now): ListTakers {
  const known = new Map<string, { runId: string | null; untilMs: number }>();
  const note = (admissionId: string, runId: string | null) => {
    known.set(admissionId, { runId, untilMs: runId === null ? now() + askAgainMs : Infinity });
    return runId;
  };
  return {
    runOf: async (client, admissionId) => {
      const found = known.get(admissionId);
      if (found && now() < found.untilMs) return found.runId;
      return note(admissionId, await readRun(client, admissionId));
    },
    ended: (admissionId) => void known.delete(admissionId),
    refused: (admissionId) => void note(admissionId, null),
  };
}

/** Null as well if it cannot be read: single messages reach every run. */
async function readRun(client: ServerClient, admissionId: string): Promise<string | null> {
  try {
    const { memo, status, runId } = await client.workflow.getHandle(admissionId).describe();
    const { takesLists }: AdmissionMemo = memo ?? {};
    return status.name === 'RUNNING' && takesLists === true ? runId : null;
  } catch {
    return null;
  }
}
