import { WorkflowFailedError } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TerminatedFailure,
} from '@temporalio/common';
import type { VideoFailure } from '../../src/contract/failure.ts';
import type { VideoResult } from '../../src/contract/messages.ts';

export const result: VideoResult = {
  jobId: 'task_1',
  billed: 'yes',
  warnings: [],
  video: {
    key: 'videos/demo.mp4',
    uri: 'file:///srv/videos/demo.mp4',
    sizeBytes: 1,
    sha256: '00',
    contentType: 'video/mp4',
    durationSeconds: 4,
    width: 1280,
    height: 720,
    hasAudio: true,
    warnings: [],
  },
};

export const failure: VideoFailure = {
  kind: 'task_failed',
  message: 'The vendor said no',
  billed: 'maybe',
  jobId: 'task_1',
};

const closed = (cause: Error) => {
  throw new WorkflowFailedError('Workflow failed', cause, RetryState.NON_RETRYABLE_FAILURE);
};

/** The error that the result of a closed run throws, by its status. */
export const endings = {
  failed:
    (given: VideoFailure = failure) =>
    () =>
      closed(
        ApplicationFailure.create({ type: given.kind, message: given.message, details: [given] }),
      ),
  bare: () =>
    closed(ApplicationFailure.create({ type: 'quota', message: 'Used up', nonRetryable: true })),
  foreign: () => closed(ApplicationFailure.create({ type: 'TypeError', message: 'a bug' })),
  cancelled: () => closed(new CancelledFailure('Cancelled')),
  terminated: () => closed(new TerminatedFailure('Terminated by somebody')),
};
