import {
  CancellationScope,
  ChildWorkflowCancellationType,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyLocalActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { GenerateVideoInput } from '../../contract/messages.ts';
import {
  webhookWorkflowTypes,
  type AnnounceEventInput,
  type WebhookActivities,
  type WebhookEventType,
} from '../../contract/webhook.ts';
import { announceOptions } from '../activity-options.ts';
import { rethrowMissingActivity } from '../failures.ts';
import type { VideoTracker } from '../video-tracker.ts';

/** Signals are not validated, so the number of addresses in one run is bounded. */
const maxCallbacks = 100;

/** Announces the events of a run. */
export interface Announcer {
  /** Begins to announce an event; the run continues meanwhile. Histories of older workers announce nothing. */
  tell(type: WebhookEventType): void;
  /**
   * The same for a completed video, if there are endpoints or callbacks.
   *
   * @param isWanted A new worker has said that there are endpoints.
   */
  completed(isWanted: boolean): void;
  /** The run ends as cancelled. A second call does nothing. */
  cancelled(): void;
  /** A waiter that joins may have a `callback_url`, which receives the events from then on. */
  call(url: string): void;
  /** The addresses so far, for a run that continues as new. */
  callbackUrls(): string[];
  /** Resolves when every event is announced, or will be by another run. Call it before the run closes. */
  settled(): Promise<void>;
  /** Numbers of events so far, for a run that continues as new. */
  announced(): Partial<Record<WebhookEventType, number>>;
}

/** @param input.announced Of earlier runs of the chain. */
export function createAnnouncer({
  announced = {},
  callbackUrls = [],
}: Pick<GenerateVideoInput, 'announced' | 'callbackUrls'>): Announcer {
  const counts = { ...announced };
  const called = new Set(callbackUrls);
  const pending = new Set<Promise<void>>();
  let isCancelled = false;
  const announce = (type: WebhookEventType) => {
    const occurrence = counts[type] ?? 0;
    counts[type] = occurrence + 1;
    const event = { ...ofThisRun(), type, occurrence, occurredAt: Date.now() };
    const task = CancellationScope.nonCancellable(() => announceTo(called, event));
    pending.add(task);
    void task.finally(() => pending.delete(task));
  };
  return {
    tell: (type) => {
      if (patched('announce')) announce(type);
    },
    // Workers of before webhooks do not report endpoints, and neither do runs that they have begun.
    completed: (isWanted) => {
      if (isWanted || (called.size > 0 && patched('announce'))) announce('video.completed');
    },
    cancelled: () => {
      if (!isCancelled && patched('announce')) announce('video.cancelled');
      isCancelled = true;
    },
    call: (url) => {
      if (called.size < maxCallbacks) called.add(url);
    },
    callbackUrls: () => [...called],
    settled: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
    announced: () => counts,
  };
}

/** A tracker that announces that a job is overdue, once per job, and that the video has failed. */
export function announcing(tracker: VideoTracker, announcer: Announcer): VideoTracker {
  let isLate = false;
  return {
    ...tracker,
    accepted: (job) => {
      isLate = false;
      tracker.accepted(job);
    },
    overdue: () => {
      tracker.overdue();
      if (!isLate) announcer.tell('video.overdue');
      isLate = true;
    },
    failed: (failure) => {
      tracker.failed(failure);
      announcer.tell('video.failed');
    },
  };
}

/** Waits for the announcements of a run that ends, and announces its cancellation. */
export async function announcedEnd<T>(end: Promise<T>, announcer: Announcer): Promise<T> {
  try {
    return await end;
  } catch (error) {
    if (isCancellation(error)) announcer.cancelled();
    throw error;
  } finally {
    await announcer.settled();
  }
}

/** The same event for all runs of the chain. Only its first run knows when the chain began. */
function ofThisRun(): Pick<AnnounceEventInput, 'workflowId' | 'firstRunId' | 'sinceMs'> {
  const { workflowId, runId, firstExecutionRunId: firstRunId, startTime } = workflowInfo();
  const isFirst = runId === firstRunId;
  return { workflowId, firstRunId, ...(isFirst && { sinceMs: startTime.getTime() }) };
}

/** A waiter that joins during the announcement was promised the call, so the same event is announced again. */
async function announceTo(
  called: ReadonlySet<string>,
  event: Omit<AnnounceEventInput, 'callbackUrls'>,
): Promise<void> {
  let told: number;
  do {
    told = called.size;
    await announceEvent({ ...event, ...(told > 0 && { callbackUrls: [...called] }) });
  } while (called.size > told);
}

/** No failure of the activity rejects: an event must not fail a video. */
async function announceEvent(event: AnnounceEventInput): Promise<void> {
  try {
    await proxyLocalActivities<WebhookActivities>(announceOptions).announceEvent(event);
  } catch (error) {
    rethrowMissingActivity(error);
    log.warn('Could not announce an event; another run continues', { type: event.type, error });
    await announceLater(event);
  }
}

/** The run may close, so another one continues with regular retries. It costs a run only where storage or server failed. */
async function announceLater(event: AnnounceEventInput): Promise<void> {
  const { firstRunId, type, occurrence, callbackUrls } = event;
  const id = `webhook-event/${firstRunId}/${type}/${occurrence}`;
  try {
    await startChild(webhookWorkflowTypes.announce, {
      // With more addresses it is another run.
      workflowId: callbackUrls ? `${id}/${callbackUrls.length}` : id,
      args: [event],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      staticSummary: `announce ${type}`,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    log.error('An event of webhooks is lost', { type, error });
  }
}
