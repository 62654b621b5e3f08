import type { AdmissionLimits, AdmissionStatus, AdmittedVideo } from '../../contract/admission.ts';
import type { Calls } from './calls.ts';
import type { Lease, Leases } from './leases.ts';
import { jobsOf } from './limits.ts';
import type { Outages } from './outages.ts';
import type { Pace } from './pace.ts';
import type { Returns } from './returns.ts';
import type { AdmissionWindow } from './window.ts';

interface Page {
  limits: AdmissionLimits;
  maxJobs: number;
  leases: Leases;
  calls: Calls;
  window: AdmissionWindow;
  returns: Returns;
  outages: Outages;
  pace: Pace;
}

/** The public status of the admission. @param most Lists at most this many videos of each kind. */
export function admissionStatus(
  page: Page,
  { nowMs, most = Infinity }: { nowMs: number; most?: number | undefined },
): AdmissionStatus {
  const { limits, leases, calls, window, returns, outages, pace } = page;
  const usualHoldMs = pace.meanMs();
  const failing = outages.all(nowMs).slice(0, most);
  const [inside, outside] = [window.size(), returns.outside(nowMs)];
  return {
    limits: { ...limits, jobs: jobsOf(page) },
    inFlight: [...leases.held()].slice(0, most).map(shown),
    called: calls.count(),
    reserved: [...leases.reserved()].slice(0, most).map(shown),
    waiting: {
      interactive: inside.interactive + outside.interactive,
      batch: inside.batch + outside.batch,
    },
    ...(usualHoldMs !== undefined && { usualHoldMs: Math.round(usualHoldMs) }),
    ...(failing.length > 0 && {
      outages: failing.map(({ model, failures }) => ({ model, failures })),
    }),
    spent: Object.fromEntries(
      [...leases.tallies()]
        .slice(-most)
        .map(([key, { videos, seconds, money }]) => [key, { videos, seconds, money }]),
    ),
  };
}

function shown({ ask, sinceMs }: Lease): AdmittedVideo {
  const { videoId, model, tags, batch, cost } = ask;
  const since = new Date(sinceMs).toISOString();
  return { videoId, since, model, tags, ...(batch && { batch: batch.name }), cost };
}
