import type {
  AdmissionAnswer,
  AdmissionLimits,
  AdmissionRequest,
  ModelOutage,
} from '../../contract/admission.ts';
import type { PlaceInQueue } from '../../contract/place-in-queue.ts';
import type { Calls } from './calls.ts';
import type { Leases } from './leases.ts';
import { jobsOf } from './limits.ts';
import type { Pace } from './pace.ts';
import type { Returns } from './returns.ts';
import type { AdmissionWindow } from './window.ts';

/** During an outage a waiting video requests again at least every 5 minutes, so that the end is noticed. */
const mostOutageAgeMs = 20 * 60_000;

interface Page {
  limits: AdmissionLimits;
  maxJobs: number;
  window: AdmissionWindow;
  returns: Returns;
  calls: Calls;
  leases: Leases;
  pace: Pace;
}

interface Asked {
  ask: AdmissionRequest;
  nowMs: number;
}

/** Leaves the window, where it would be called at once for free slots of other models, and requests again later. */
export function standBack(
  { window, returns }: Page,
  { ask, nowMs, outage }: Asked & { outage: ModelOutage },
): AdmissionAnswer {
  const { videoId, priority, waitingSince: sinceMs = nowMs } = ask;
  window.remove(videoId);
  const ageMs = Math.min(Math.max(0, nowMs - sinceMs), mostOutageAgeMs);
  return { outcome: 'waiting', retryAfterMs: returns.agree(priority, { ageMs, nowMs }), outage };
}

/** Takes its place in the queue, and tells it. */
export function wait(page: Page, { ask, nowMs }: Asked): AdmissionAnswer {
  const { window, returns } = page;
  const { videoId, priority, tags, waitingSince: sinceMs = nowMs } = ask;
  const isInside =
    window.has(videoId) || window.add({ videoId, priority, tag: tags[0] ?? '', sinceMs });
  const ageMs = Math.max(0, nowMs - sinceMs);
  const retryAfterMs = returns.agree(isInside ? 'window' : priority, { ageMs, nowMs });
  return { outcome: 'waiting', retryAfterMs, queue: placeOf(page, { ask, nowMs }) };
}

/** Interactive videos that are not in the window also come before those of batches. */
function placeOf(page: Page, { ask: { videoId, priority }, nowMs }: Asked): PlaceInQueue {
  const { window, leases, calls, pace } = page;
  const [inside, outside] = [window.size(), page.returns.outside(nowMs)];
  const number = window.numberOf(videoId);
  const of = inside.interactive + inside.batch + outside.interactive + outside.batch;
  const jobs = jobsOf(page);
  if (number === undefined) return { of, slots: jobs };
  const place = number + (priority === 'batch' ? outside.interactive : 0);
  const agesMs = [...leases.held(), ...calls.all()].map(({ sinceMs }) => nowMs - sinceMs);
  const start = pace.startOf({ place, agesMs, jobs, nowMs });
  const expected = start === undefined ? {} : { expectedStart: new Date(start).toISOString() };
  return { place, of, slots: jobs, ...expected };
}
