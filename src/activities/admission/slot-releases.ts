import { AsyncResource } from 'node:async_hooks';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { admissionMessages, type AdmissionRelease } from '../../contract/admission.ts';
import type { ListTakers, ServerClient } from './list-takers.ts';
import { createTogether, type Pending, type Together } from './together.ts';

/**
 * A signal takes milliseconds, and the activities that release a slot have 5 s. After this time the signal is not sent
 * again either: the slot may soon belong to the next submit of the video.
 */
const limitMs = 3_000;

/** Releases slots: many at once are one signal. To be called in an activity. */
export interface SlotReleases {
  /**
   * Resolves when the server has the release. A release may be repeated. If the admission is gone, so is everything that
   * it held.
   */
  release(admissionId: string, release: AdmissionRelease): Promise<void>;
}

interface Entry {
  release: AdmissionRelease;
  client: ServerClient;
}

type List = readonly Pending<Entry, void>[];

export function createSlotReleases(takers: ListTakers): SlotReleases {
  const groups = new Map<string, Together<Entry, void>>();
  const createGroup = AsyncResource.bind((admissionId: string) =>
    createTogether<Entry, void>({
      payloadOf: ({ release }) => release,
      post: (list) => post(list, { admissionId, takers, untilMs: Date.now() + limitMs }),
      limitMs,
    }),
  );
  const groupOf = (admissionId: string) => {
    const group = groups.get(admissionId) ?? createGroup(admissionId);
    groups.set(admissionId, group);
    return group;
  };
  return {
    // A cancelled activity releases its slot, too.
    release: (admissionId, release) =>
      groupOf(admissionId).send({ release, client: Context.current().client }),
  };
}

interface Target {
  admissionId: string;
  takers: ListTakers;
  /** Milliseconds since the epoch. */
  untilMs: number;
}

async function post(list: List, target: Target): Promise<void> {
  const [first] = list;
  if (!first) return;
  const isSent =
    list.length > 1 && (await postList(list, { ...target, client: first.entry.client }));
  if (isSent) for (const { resolve } of list) resolve();
  else await Promise.all(list.map((pending) => postOne(pending, target)));
}

/**
 * The signal names the run: the next one may be continued by a worker that does not know lists, and would never read
 * it. False if no run takes it.
 */
async function postList(
  list: List,
  { admissionId, takers, untilMs, client }: Target & { client: ServerClient },
): Promise<boolean> {
  const releases = list.map(({ entry }) => entry.release);
  for (;;) {
    const runId = await takers.runOf(client, admissionId);
    if (runId === null) return false;
    try {
      const handle = client.workflow.getHandle(admissionId, runId);
      await client.withDeadline(untilMs, () =>
        handle.signal(admissionMessages.releaseAdmissions, releases),
      );
      return true;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      takers.ended(admissionId);
    }
  }
}

async function postOne({ entry, resolve, reject }: List[number], { admissionId, untilMs }: Target) {
  const { release, client } = entry;
  try {
    const handle = client.workflow.getHandle(admissionId);
    await client.withDeadline(untilMs, () =>
      handle.signal(admissionMessages.releaseAdmission, release),
    );
    resolve();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) resolve();
    else reject(error);
  }
}
