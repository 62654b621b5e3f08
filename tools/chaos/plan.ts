import type { VideoRequest } from '../../src/contract/video-request.ts';
import type { Random } from './random.ts';

/** One video of a run. */
export interface PlannedVideo {
  key: string;
  /** A unique prompt identifies the entries of the ledger. */
  request: VideoRequest;
  scenario: string;
  startAfterMs: number;
  /** Number of its POSTs that are certainly refused without a job. */
  harmlessPosts: number;
}

export type Target = 'worker' | 'server' | 'gateway';

/** One kill -9, and the downtime of the process. */
export interface PlannedKill {
  afterMs: number;
  target: Target;
  /** Index of the worker. */
  nth: number;
  downMs: number;
}

/** One unrelated call during the kills. */
export interface PlannedWord {
  afterMs: number;
  what: (typeof words)[number]['what'];
  /** Index of the video. */
  nth: number;
}

export interface Plan {
  videos: PlannedVideo[];
  /** Rows of one additional batch. */
  rows: PlannedVideo[];
  words: PlannedWord[];
  kills: PlannedKill[];
  workers: number;
}

/** Average time between two kills: just enough for a worker to restart. */
const killEveryMs = 1_800;
const maxDownMs = 2_000;

const targets = [
  { target: 'worker', weight: 5 },
  { target: 'server', weight: 3 },
  { target: 'gateway', weight: 3 },
] as const;

/** Average; most go to the parts of a batch. */
const wordEveryMs = 400;

const words = [
  { what: 'query', weight: 3 },
  { what: 'wake', weight: 3 },
  { what: 'query the part, then retry', weight: 4 },
  { what: 'join and leave', weight: 1 },
] as const;

interface Part {
  scenario: string;
  weight: number;
  harmlessPosts?: number;
}

/** Usual behaviour of a gateway, and some faults. */
const mix: readonly Part[] = [
  { scenario: '', weight: 6 },
  { scenario: 'submit-slow', weight: 8 },
  { scenario: 'submit-429-empty', weight: 2, harmlessPosts: 1 },
  { scenario: 'submit-429-limiter=seconds', weight: 2, harmlessPosts: 1 },
  { scenario: 'submit-no-channel', weight: 1, harmlessPosts: 1 },
  { scenario: 'submit-403-quota', weight: 1, harmlessPosts: Infinity },
  { scenario: 'submit-drop-after-body', weight: 1 },
  { scenario: 'submit-hang', weight: 1 },
  { scenario: 'poll-unknown-n=3', weight: 2 },
  { scenario: 'poll-not-exist-first=2', weight: 2 },
  { scenario: 'poll-data-null', weight: 1 },
  { scenario: 'poll-5xx-json', weight: 1 },
  { scenario: 'poll-drop', weight: 1 },
  { scenario: 'dl-short-length', weight: 2 },
  { scenario: 'dl-clean-cut', weight: 2 },
  { scenario: 'dl-expired', weight: 1 },
  { scenario: 'dl-307-strict', weight: 1 },
];

/** Without slow submits: a row has the long timeout of a batch, and would delay the end of the run. */
const rowMix: readonly Part[] = [
  { scenario: '', weight: 6 },
  { scenario: 'submit-403-quota', weight: 3, harmlessPosts: Infinity },
  { scenario: 'poll-unknown-n=3', weight: 1 },
];
const mostRows = 20;

/** Everything that the seed determines. Exact timing depends on the machine. */
export function plan(random: Random, options: { videos: number; windowMs: number }): Plan {
  const workers = random.between(1, 2);
  const videos = Array.from({ length: options.videos }, (_, index) =>
    planVideo(random, { index, mix, lastStartMs: options.windowMs * 0.8 }),
  );
  const rows = Array.from({ length: Math.min(mostRows, options.videos) }, (_, nth) =>
    planVideo(random, { index: options.videos + nth, mix: rowMix, lastStartMs: 0 }),
  );
  const kills = planKills(random, { windowMs: options.windowMs, workers });
  return { workers, videos, rows, kills, words: planWords(random, options) };
}

function planWords(
  random: Random,
  { videos, windowMs }: { videos: number; windowMs: number },
): PlannedWord[] {
  return Array.from({ length: Math.round(windowMs / wordEveryMs) }, () => ({
    afterMs: random.between(0, windowMs),
    what: random.pick(words).what,
    nth: random.between(0, videos - 1),
  }));
}

function planVideo(
  random: Random,
  { index, mix: parts, lastStartMs }: { index: number; mix: readonly Part[]; lastStartMs: number },
): PlannedVideo {
  const { scenario, harmlessPosts = 0 } = random.pick(parts);
  const prompt = `${scenario === '' ? '' : `[sandbox: ${scenario}] `}chaos ${index}`;
  const request: VideoRequest =
    random.next() < 0.5
      ? {
          format: 'generations',
          body: { model: 'kling-v1', prompt, size: '1280x720', duration: 5 },
        }
      : { format: 'videos', body: { model: 'sora-2', prompt, size: '1280x720', seconds: '4' } };
  const startAfterMs = random.between(0, lastStartMs);
  return { key: `chaos-${index}`, request, scenario, startAfterMs, harmlessPosts };
}

/** Each target is killed at least once. */
function planKills(
  random: Random,
  { windowMs, workers }: { windowMs: number; workers: number },
): PlannedKill[] {
  const count = Math.max(targets.length, Math.round(windowMs / killEveryMs));
  const kills = Array.from({ length: count }, (_, index) => {
    const { target } = targets[index] ?? random.pick(targets);
    return {
      afterMs: random.between(windowMs * 0.05, windowMs),
      target,
      nth: target === 'worker' ? random.between(0, workers - 1) : 0,
      downMs: random.between(0, maxDownMs),
    };
  });
  return kills.toSorted((a, b) => a.afterMs - b.afterMs);
}
