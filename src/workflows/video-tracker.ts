import {
  defineQuery,
  defineSignal,
  setCurrentDetails,
  setHandler,
  patched,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Reconciliation } from '../contract/activities.ts';
import type { Charge } from '../contract/charge.ts';
import type { Billed, VideoFailure } from '../contract/failure.ts';
import { expectedEnd } from '../contract/expected-time.ts';
import {
  messageNames,
  type Cancellation,
  type DeliveryFailed,
  type ResolveSubmission,
  type RetriedStep,
  type RetriedStepName,
  type VideoStatus,
} from '../contract/messages.ts';
import { videoUnresolvedForKey } from '../contract/search-attributes.ts';
import type { PlaceInQueue } from '../contract/place-in-queue.ts';
import type { RetakeKind } from '../contract/retakes.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { JobProgress } from '../contract/video-job.ts';
import type { RequestWarning, VideoFormat } from '../contract/video-request.ts';
import { statusDetails } from './status-details.ts';
import type { AcceptedSubmit, UnknownSubmit } from './submit-outcome.ts';
import { tellChange } from './tell-change.ts';
import { createVideoIndex } from './video-index.ts';
import { decidedPatch, iso, reconciledPatch, unresolvedPatch } from './unresolved-status.ts';

/** The only place where the state of a video changes; query, UI details and search attributes follow it. */
export interface VideoTracker {
  /** The run spends few Temporal actions: docs/decisions/0031-actions.md. Runs of older code do not. */
  readonly isLean: boolean;
  status(): VideoStatus;
  /** No slot of the admission is free. `billed` is that of earlier submits. */
  waiting(billed: Billed, told: Waiting): void;
  /** The job failed at no cost, and the video is submitted again. */
  retaken(failure: VideoFailure, kind: RetakeKind): void;
  /** A POST may be in progress: from now on "not billed" cannot be claimed. */
  submitting(): void;
  /** Sets `billed` of a run that ends: its last submit was withdrawn before a worker started it, or refused. */
  settled(billed: Billed): void;
  warned(warnings: RequestWarning[]): void;
  retrying(failure: VideoFailure, untilMs: number): void;
  unresolved(unknown: UnknownSubmit): void;
  /** What the gateway's own records say about an unresolved submit. */
  reconciled(found: Reconciliation): void;
  /** A person has decided about an unresolved submit; a lookup in progress ends first. */
  decided(action: ResolveSubmission['action']): void;
  /** A reminder of an unresolved submit, with its age. */
  unresolvedFor(age: string): void;
  accepted(job: AcceptedSubmit): void;
  progress(progress: JobProgress): void;
  /** What the gateway has charged; undefined if it has not reported it. */
  charged(): Charge | undefined;
  /** Whether the poll that found the end of the job has released its slot. */
  slotReleased(): boolean;
  overdue(): void;
  delivering(): void;
  stored(video: StoredVideo): void;
  failed(failure: VideoFailure): void;
  cancelled(): void;
  /** No waiter is left; the paid video will be stored. */
  kept(): Cancellation;
}

interface Waiting {
  failure: VideoFailure;
  untilMs: number;
  queue?: PlaceInQueue;
}

export function startTracking(video: { format: VideoFormat; model?: string }): VideoTracker {
  const isLean = patched('lean');
  const { status, change } = holdStatus(video, isLean);
  /** Applies a change that ends a retried step. */
  const moveOn = (patch: Partial<VideoStatus>) =>
    change({ ...without(status(), 'retrying', 'waiting'), ...patch });
  const ofJob = noteJob();
  const resolved = () => without(status(), 'unresolved');
  setHandler(defineSignal<[DeliveryFailed]>(messageNames.deliveryFailed), (told) => {
    // After a reset, the run receives the signals of its earlier delivery again.
    if (status().phase === 'delivering') change({ retrying: { ...told, step: 'delivery' } });
  });
  return {
    isLean,
    status,
    waiting: (billed, told) => moveOn({ ...resolved(), billed, ...waitingPatch(told) }),
    submitting: () => moveOn({ ...resolved(), phase: 'submitting', billed: 'maybe' }),
    retaken: (failure, kind) => moveOn(retakenPatch(status(), { failure, kind })),
    settled: (billed) => change({ billed }),
    warned: (warnings) => {
      if (warnings.length > 0) change({ warnings });
    },
    retrying: (failure, untilMs) =>
      change({ billed: failure.billed, retrying: retried('submit', { failure, untilMs }) }),
    unresolved: (unknown) => moveOn(unresolvedPatch(unknown)),
    reconciled: (found) => change(reconciledPatch(status(), found)),
    decided: (action) => change(decidedPatch(status(), action)),
    unresolvedFor: (age) => upsertSearchAttributes([{ key: videoUnresolvedForKey, value: age }]),
    accepted: (job) => {
      ofJob.begin();
      moveOn({ ...resolved(), ...acceptedPatch(job) });
    },
    progress: (progress) => {
      ofJob.note(progress);
      change(progressPatch(status(), progress));
    },
    charged: ofJob.charged,
    slotReleased: ofJob.slotReleased,
    overdue: () => change({ phase: 'overdue' }),
    delivering: () => moveOn({ phase: 'delivering', billed: 'yes' }),
    stored: (video) => moveOn({ phase: 'stored', video }),
    failed: (failure) => moveOn({ phase: 'failed', billed: failure.billed, failure }),
    cancelled: () => moveOn({ phase: 'cancelled', cancellation: cancellationOf(status()) }),
    kept: () => {
      const cancellation: Cancellation = { ...cancellationOf(status()), outcome: 'kept' };
      change({ cancellation });
      return cancellation;
    },
  };
}

/** What polls have said of the current job that is not in the status. */
function noteJob() {
  let charge: Charge | undefined;
  let isReleased = false;
  return {
    begin: () => {
      charge = undefined;
      isReleased = false;
    },
    note: ({ charged, slotReleased }: JobProgress) => {
      charge = charged ?? charge;
      isReleased ||= slotReleased === true;
    },
    charged: () => charge,
    slotReleased: () => isReleased,
  };
}

function retried(
  step: RetriedStepName,
  { failure, untilMs }: { failure: VideoFailure; untilMs: number },
): RetriedStep {
  return { step, failure, until: iso(untilMs) };
}

function waitingPatch({ queue, ...told }: Waiting) {
  const { slots: _, ...place } = queue ?? { slots: 0, of: 0 };
  const waiting = queue && { ...place, asOf: now() };
  const retrying = retried('admission', told);
  return { phase: 'waiting', retrying, ...(waiting && { waiting }) } as const;
}

function holdStatus(video: { format: VideoFormat; model?: string }, isLean: boolean) {
  const index = createVideoIndex({ isLean });
  const publish = (changed: VideoStatus, before?: VideoStatus) => {
    setCurrentDetails(statusDetails(changed, { isLean }));
    tellChange(changed, before);
    index.write(changed);
  };
  let status: VideoStatus = {
    ...video,
    phase: 'submitting',
    billed: 'maybe',
    startedAt: workflowInfo().startTime.toISOString(),
    changedAt: now(),
    warnings: [],
  };
  setHandler(defineQuery<VideoStatus>(messageNames.videoStatus), () => status);
  publish(status);
  return {
    status: () => status,
    change: (patch: Partial<VideoStatus>) => {
      const before = status;
      status = { ...status, ...patch, changedAt: now() };
      publish(status, before);
    },
  };
}

function acceptedPatch({ jobId, submittedAt, deadlineAt, billed, expected }: AcceptedSubmit) {
  const dates = { submittedAt: iso(submittedAt), deadlineAt: iso(deadlineAt) };
  const told = expected && { expected: expectedEnd(expected, submittedAt) };
  return { phase: 'queued', billed, jobId, ...dates, ...told } as const;
}

function progressPatch(status: VideoStatus, progress: JobProgress): Partial<VideoStatus> {
  const { state, progressPercent, attention, unknownWord, failing } = progress;
  const watched = state === 'queued' || state === 'running' ? state : status.phase;
  return {
    ...without(status, 'attention', 'unknownWord', 'retrying'),
    phase: status.phase === 'overdue' ? 'overdue' : watched,
    ...(progressPercent !== undefined && { progressPercent }),
    ...(attention !== undefined && { attention }),
    ...(unknownWord !== undefined && { unknownWord }),
    ...(failing && {
      retrying: {
        step: 'poll',
        failure: { ...failing.failure, billed: status.billed },
        attempt: failing.inARow,
      },
    }),
  };
}

/** The status of the failed job does not apply to the next one, whose POST may be in progress from now on. */
function retakenPatch(
  status: VideoStatus,
  { failure, kind }: { failure: VideoFailure; kind: RetakeKind },
): Partial<VideoStatus> {
  const { jobId = '', message } = failure;
  const failedTakes = [...(status.failedTakes ?? []), { jobId, kind, message, failedAt: now() }];
  const ofJob = [
    'jobId',
    'progressPercent',
    'submittedAt',
    'deadlineAt',
    'expected',
    'attention',
    'unknownWord',
  ] as const;
  return { ...without(status, ...ofJob), phase: 'submitting', billed: 'maybe', failedTakes };
}

/** What a cancellation achieves: the gateway has no cancel route, so a submitted job continues and stays billed. */
export function cancellationOf({ billed, jobId }: VideoStatus): Cancellation {
  return {
    outcome: billed === 'no' ? 'stopped_before_spend' : 'watching_stopped',
    billed,
    ...(jobId !== undefined && { jobId }),
  };
}

/** Returns a patch that removes optional fields. */
function without(status: VideoStatus, ...fields: (keyof VideoStatus)[]): Partial<VideoStatus> {
  return Object.fromEntries(
    fields.filter((field) => field in status).map((field) => [field, undefined]),
  );
}

function now(): string {
  return iso(Date.now());
}
