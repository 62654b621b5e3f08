import type { VideoRequest } from '../../src/contract/video-request.ts';
import type { Random } from './random.ts';

/** One video of a run. */
export interface PlannedVideo {
  key: string;
  /** Its prompt is its own: by it the ledger's entries are told apart. */
  request: VideoRequest;
  scenario: string;
  startAfterMs: number;
  /** So many of its POSTs are surely answered with "no job was made". */
  harmlessPosts: number;
}

export type Target = 'worker' | 'server' | 'gateway';

/** One kill -9, and how long the process stays away. */
export interface PlannedKill {
  afterMs: number;
  target: Target;
  /** Which of the workers, from 0. */
  nth: number;
  downMs: number;
}

export interface Plan {
  videos: PlannedVideo[];
  kills: PlannedKill[];
  workers: number;
}

/** Between two kills, on the average: one restarted worker is just ready again. */
const killEveryMs = 1_800;
const maxDownMs = 2_000;

const targets = [
  { target: 'worker', weight: 5 },
  { target: 'server', weight: 3 },
  { target: 'gateway', weight: 3 },
] as const;

interface Part {
  scenario: string;
  weight: number;
  harmlessPosts?: number;
}

/** The ordinary days of a gateway, and some of its bad ones. */
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

/** All that a seed decides. When what happens next is up to the machine. */
export function plan(random: Random, options: { videos: number; windowMs: number }): Plan {
  const workers = random.between(1, 2);
  const videos = Array.from({ length: options.videos }, (_, index) =>
    planVideo(random, { index, lastStartMs: options.windowMs * 0.8 }),
  );
  return { workers, videos, kills: planKills(random, { windowMs: options.windowMs, workers }) };
}

function planVideo(
  random: Random,
  { index, lastStartMs }: { index: number; lastStartMs: number },
): PlannedVideo {
  const { scenario, harmlessPosts = 0 } = random.pick(mix);
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

/** Each target falls once at least. */
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
