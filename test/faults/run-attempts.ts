import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { createStoreVideo } from '../../src/activities/deliver/store-video.ts';
import { videoFailureIn } from '../../src/contract/read-failure.ts';
import type { JobRef } from '../../src/contract/video-job.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { until, type Harness } from '../e2e/harness.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { titleOf, type FaultRow, type Sight } from './fault-row.ts';
import { ledgerOf } from './ledger-of.ts';
import { requestOf, type RunningRow, type SeenRow } from './run-row.ts';
import { account } from '../fakes/gateway-account.ts';

/** From this attempt on a failed download is final, if it can be final at all. */
const mostAttempts = 8;
const timeoutMs = 20_000;

/** The id of a row that no server knows. */
export function startAttempts(harness: Harness, row: FaultRow): RunningRow {
  return { row, harness, request: requestOf(row), videoId: `video/${titleOf(row)}` };
}

/**
 * Submits a row to the sandbox gateway of its harness and downloads it with the activity itself, over real HTTP into a real
 * folder: one attempt after another as in Temporal, but without the minutes between them.
 */
export async function finishAttempts(running: RunningRow): Promise<SeenRow> {
  const { url: baseUrl, apiKey, mediaUrl } = running.harness.gateway;
  const gateway = createGateway({ baseUrl, apiKey, trustedOrigins: [mediaUrl] });
  const { request } = running;
  const { jobId } = await gateway.submit(request, { timeoutMs });
  const job = { format: request.format, jobId };
  await untilSucceeded(gateway, job);
  const { told, ...sight } = await attempts(running, { gateway, job });
  return { ...ledgerOf(running), ...sight, told, percents: [], strayTimes: [] };
}

function untilSucceeded(gateway: Gateway, job: JobRef): Promise<boolean> {
  return until(`success of ${job.jobId}`, async () => {
    const { state } = await gateway.status(job, { timeoutMs });
    return state === 'succeeded';
  });
}

type Attempted = Omit<Sight, 'posts' | 'paid'> & { told: string[] };

async function attempts(
  { harness, request, videoId }: RunningRow,
  { gateway, job }: { gateway: Gateway; job: JobRef },
): Promise<Attempted> {
  const storage = createFileStorage({ folder: join(harness.folder, 'attempts') });
  const storeVideo = createStoreVideo({ gateway, account, storage, maxBytes: 10_000_000 });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { warnings } = await activityHarness({ attempt }).run(storeVideo, {
        job,
        videoId,
        request,
      });
      return { outcome: 'stored', billed: 'yes', delivered: true, told: warnings };
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      if (error.nonRetryable !== true && attempt < mostAttempts) continue;
      return given(error, error.nonRetryable === true ? 'failed' : 'delivering');
    }
  }
}

function given(error: ApplicationFailure, outcome: 'failed' | 'delivering'): Attempted {
  const failure = videoFailureIn(error);
  if (!failure) throw error;
  const { kind, billed, message } = failure;
  return { outcome, kind, billed, delivered: false, told: [message] };
}
