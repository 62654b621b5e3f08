import {
  getExternalWorkflowHandle,
  log,
  patched,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { admissionMessages, type AdmissionActivities } from '../../contract/admission.ts';
import { admissionOptions } from '../activity-options.ts';
import type { AdmissionBook } from './book.ts';
import { countedMs, type LeaseEnd } from './leases.ts';

/** Signals per workflow task; the server refuses more than 2,000 pending ones. */
const readyAtOnce = 100;

/** Loads the limits that people have set: they are in the storage, even if the earlier admission is lost. */
export async function loadLimits(book: AdmissionBook): Promise<void> {
  const activities = proxyActivities<AdmissionActivities>({
    ...admissionOptions,
    startToCloseTimeout: '30s',
    summary: 'load the limits that were set',
  });
  const limits = await activities.loadLimits({ admissionId: workflowInfo().workflowId });
  if (limits) book.begin({ limits });
}

/** Retries until it succeeds, however long the storage is down. */
export async function keepLimits(book: AdmissionBook): Promise<void> {
  const activities = proxyActivities<AdmissionActivities>({
    ...admissionOptions,
    startToCloseTimeout: '30s',
    summary: 'store the limits that were set',
  });
  const { workflowId: admissionId } = workflowInfo();
  await activities.keepLimits({ admissionId, limits: book.limits() });
}

/** Counts what was spent from the claims. */
export async function recountSpent(book: AdmissionBook): Promise<void> {
  const { countSpent } = proxyActivities<AdmissionActivities>({
    ...admissionOptions,
    startToCloseTimeout: '30m',
    heartbeatTimeout: '1m',
    summary: 'count what was spent, from the claims',
  });
  const sinceMs = Date.now() - countedMs;
  book.begin({ tallies: await countSpent({ admissionId: workflowInfo().workflowId, sinceMs }) });
}

/** Older builds did not record charges, so their decisions are replayed without them. */
export function knownEnd<T extends LeaseEnd>(end: T): T {
  if (end.charged === undefined || patched('settle-charge')) return end;
  const { charged: _, ...rest } = end;
  return rest as T;
}

/** Signals some of the videos that should request admission again. */
export async function signalReady(book: AdmissionBook): Promise<void> {
  await Promise.all(
    book.takeReady(readyAtOnce).map(async (videoId) => {
      try {
        await getExternalWorkflowHandle(videoId).signal(admissionMessages.admissionReady);
      } catch {
        book.gone(videoId, Date.now());
      }
    }),
  );
}

/** Finds leases and calls of runs that died, were terminated, or could not report their end. */
export async function checkHolders(book: AdmissionBook): Promise<void> {
  const leases = new Map(book.leases().map((lease) => [lease.ask.videoId, lease]));
  const called = book.calls().map(({ videoId }) => ({ videoId, claimKey: videoId }));
  const holders = [...leases.values()].map(({ ask: { videoId, claimKey } }) => ({
    videoId,
    claimKey,
  }));
  if (holders.length + called.length === 0) return;
  const activities = proxyActivities<AdmissionActivities>({
    ...admissionOptions,
    startToCloseTimeout: '30s',
    retry: { maximumAttempts: 2 },
    summary: 'find holders with closed runs',
  });
  try {
    const { ended } = await activities.checkHolders({ holders: [...holders, ...called] });
    for (const { videoId, ...end } of ended) {
      const lease = leases.get(videoId);
      if (lease) book.ended(lease, knownEnd(end), Date.now());
      else book.gone(videoId, Date.now());
    }
  } catch (error) {
    log.warn('Could not check the holders of admission slots', { error });
  }
}
