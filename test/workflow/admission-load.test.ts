import { describe, expect, test } from 'vitest';
import type { AdmissionRequest } from '../../src/contract/admission.ts';
import { openBook, type AdmissionBook } from '../../src/workflows/admission/book.ts';
import { emptyState } from '../../src/workflows/admission/state.ts';
import { asking, bookWith, noonMs } from './admission-asks.ts';
import { countOperations } from './operations.ts';

const many = 20_000;
const stateBytes = 512_000;
const idOf = (index: number) => `video/campaign-2026-spring/${String(index).padStart(12, '0')}`;
const askOf = (index: number, more: Partial<AdmissionRequest> = {}) =>
  asking(idOf(index), { tags: [`team-${index % 7}`], waitingSince: noonMs + index, ...more });

function withWaiting(count: number): AdmissionBook {
  const book = bookWith(3);
  for (let index = 0; index < count; index += 1) book.ask(askOf(index), noonMs + index);
  return book;
}

function bytesOf(book: AdmissionBook, nowMs: number): number {
  return Buffer.byteLength(JSON.stringify(book.snapshot(nowMs)));
}

describe('20,000 waiting videos', () => {
  test('cost an admission no more work per request than 2,000 do', async () => {
    await using operations = await countOperations('src/workflows/admission');
    const work = async (count: number) => {
      const book = withWaiting(count);
      return operations.during(() => {
        for (let index = 0; index < 200; index += 1) {
          book.ask(askOf(count + index), noonMs + count + index);
          const [holder] = book.leases();
          if (holder) book.release({ videoId: holder.ask.videoId, spent: 'yes' }, noonMs + count);
          for (const videoId of book.takeReady(100)) {
            book.ask(asking(videoId), noonMs + count);
          }
        }
      });
    };
    const [few, lots] = [await work(2_000), await work(many)];
    expect(few).toBeGreaterThan(200);
    expect(lots).toBeLessThan(few * 2);
  });

  test('fit into 512 KB of state, even with everything else full', () => {
    const book = withWaiting(many);
    const nowMs = noonMs + many;
    for (let index = 0; index < 1_000; index += 1) {
      const ask = askOf(many + index, {
        priority: 'batch',
        batch: { name: `batch-${index}`, runId: `8f14e45f-ceea-467a-9575-${index}` },
      });
      book.setLimits({ jobs: 4 + index }, nowMs);
      for (const videoId of book.takeReady(100)) book.gone(videoId, nowMs);
      book.ask(ask, nowMs);
      book.release({ videoId: ask.videoId, spent: 'maybe' }, nowMs);
    }
    book.setLimits({ jobs: 3 }, nowMs);
    for (let index = 0; index < many; index += 1) {
      book.ask(askOf(index), nowMs);
      book.ask(askOf(2 * many + index, { priority: 'batch' }), nowMs);
    }
    expect(bytesOf(book, nowMs)).toBeLessThan(stateBytes);
  });

  test('get at most 100 signals at once, however many slots become free', () => {
    const book = withWaiting(many);
    book.setLimits({ jobs: 1_000 }, noonMs + many);
    expect(book.takeReady(100)).toHaveLength(100);
    expect(book.hasReady()).toBe(true);
  });

  test('get different times at which to request again, at most a few hundred per minute', () => {
    const book = bookWith(3);
    const minutes = new Map<number, number>();
    for (let index = 0; index < many; index += 1) {
      const answer = book.ask(askOf(index), noonMs);
      if (answer.outcome !== 'waiting') continue;
      const minute = Math.floor((noonMs + (answer.retryAfterMs ?? 0)) / 60_000);
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    }
    expect(Math.max(...minutes.values())).toBeLessThanOrEqual(250);
    const { waiting } = book.status(noonMs);
    expect(waiting.interactive).toBeGreaterThan(many * 0.95);
    expect(waiting.interactive).toBeLessThanOrEqual(many);
  });
});

/** Simulates an admission over time: videos request when they were told to or are signalled; a job takes `jobMs`. */
function play({ jobs, jobMs, arrivals }: { jobs: number; jobMs: number; arrivals: number[] }) {
  let book = bookWith(jobs);
  const events = new Map<number, (() => void)[]>();
  const at = (atMs: number, event: () => void) => {
    const second = Math.ceil(atMs / 1_000);
    events.set(second, [...(events.get(second) ?? []), event]);
  };
  const granted = new Map<number, number>();
  const latest = new Map<string, number>();
  let busiest = 0;
  const request = (index: number, turn: number, nowMs: number) => {
    const videoId = idOf(index);
    if (granted.has(index) || latest.get(videoId) !== turn) return;
    latest.set(videoId, turn + 1);
    const ask = askOf(index, { tags: [], waitingSince: noonMs + (arrivals[index] ?? 0) });
    const answer = book.ask(ask, nowMs);
    if (answer.outcome === 'granted') {
      granted.set(index, nowMs);
      at(nowMs + jobMs, () => book.release({ videoId, spent: 'yes' }, nowMs + jobMs));
    }
    if (answer.outcome === 'waiting') {
      const againMs = nowMs + (answer.retryAfterMs ?? 0);
      at(againMs, () => request(index, turn + 1, againMs));
    }
  };
  arrivals.forEach((arrivedMs, index) => {
    latest.set(idOf(index), 0);
    at(noonMs + arrivedMs, () => request(index, 0, noonMs + arrivedMs));
  });
  const indexOf = new Map(arrivals.map((_, index) => [idOf(index), index]));
  for (let second = noonMs / 1_000; granted.size < arrivals.length; second += 1) {
    const nowMs = second * 1_000;
    const due = events.get(second) ?? [];
    events.delete(second);
    busiest = Math.max(busiest, due.length);
    for (const event of due) event();
    for (const videoId of book.takeReady(100)) {
      const index = indexOf.get(videoId) ?? -1;
      at(nowMs + 1_000, () => request(index, latest.get(videoId) ?? 0, nowMs + 1_000));
    }
    if (second % 600 === 0) {
      book.expire(nowMs);
      expect(bytesOf(book, nowMs)).toBeLessThan(stateBytes);
      const handedOn = JSON.parse(JSON.stringify(book.snapshot(nowMs)));
      if (!book.hasReady()) book = openBook({ ...emptyState, ...handedOn });
    }
    if (events.size === 0 && !book.hasReady()) break;
  }
  return { granted, busiest };
}

test('20,000 videos that start within minutes all get a slot, roughly in the order in which they started', () => {
  const arrivals = Array.from({ length: many }, (_, index) => index * 50);
  const { granted } = play({ jobs: 40, jobMs: 60_000, arrivals });
  expect(granted.size).toBe(many);
  const order = [...granted.keys()];
  // Served at 40 a minute; a round of those outside takes 80 minutes at most.
  const late = order.map((index, place) => place - index);
  expect(Math.max(...late)).toBeLessThan(120 * 40);
});

test('a video that waits outside the window gets a slot before videos that started an hour later', () => {
  // More come than can be served, for hours.
  const arrivals = Array.from({ length: 6_000 }, (_, index) => index * 2_000);
  const { granted } = play({ jobs: 10, jobMs: 60_000, arrivals });
  const places = new Map([...granted.keys()].map((index, place) => [index, place]));
  for (let index = 0; index + 1_800 < arrivals.length; index += 100) {
    expect(places.get(index)).toBeLessThan(places.get(index + 1_800) ?? Infinity);
  }
});
