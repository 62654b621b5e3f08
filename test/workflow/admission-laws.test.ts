import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AdmissionRequest, Spent } from '../../src/contract/admission.ts';
import { openBook } from '../../src/workflows/admission/book.ts';
import { emptyState } from '../../src/workflows/admission/state.ts';
import { asking, bookWith, noonMs, today } from './admission-asks.ts';

test('fifty concurrent requests against a cap of ten, in any order: ten are granted, forty refused', () => {
  const pick = fc.infiniteStream(fc.nat());
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), pick, (jobs, picks) => {
      const book = bookWith(jobs);
      book.setLimits({ perDay: { videos: 10 } }, noonMs);
      const asks = new Map(
        Array.from({ length: 50 }, (_, index) => [`v${index}`, asking(`v${index}`)]),
      );
      const [todo, running] = [[...asks.keys()], [] as string[]];
      const answers: string[] = [];
      const any = (of: string[]) => of.splice((picks.next().value ?? 0) % of.length, 1);
      while (todo.length + running.length > 0) {
        const isAsking = running.length === 0 || (todo.length > 0 && picks.next().value % 3 > 0);
        if (!isAsking) {
          for (const videoId of any(running)) book.release({ videoId, spent: 'yes' }, noonMs);
          todo.push(...book.takeReady(100));
          continue;
        }
        for (const videoId of any(todo)) {
          const { outcome } = book.ask(asks.get(videoId) ?? asking(videoId), noonMs);
          if (outcome === 'granted') running.push(videoId);
          if (outcome !== 'waiting') answers.push(outcome);
          todo.push(...book.takeReady(100));
        }
      }
      expect(answers.filter((answer) => answer === 'granted')).toHaveLength(10);
      expect(answers).toHaveLength(50);
    }),
  );
});

/** The possible events of an admission, with videos and submits named by numbers. */
const step = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), video: fc.nat(11), submit: fc.nat(1) }),
  fc.record({
    do: fc.constant('release' as const),
    video: fc.nat(11),
    spent: fc.constantFrom('yes' as const, 'no' as const, 'maybe' as const),
  }),
  fc.record({ do: fc.constant('gone' as const), video: fc.nat(11) }),
  fc.record({ do: fc.constant('jobs' as const), jobs: fc.nat(4) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(90_000) }),
  fc.record({ do: fc.constant('continue as new' as const) }),
);
const caps = { videos: 6, seconds: 32, money: 3.2 };

test('any sequence of events exceeds no slot limit and no cap, and answers every request', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let book = bookWith(2);
      let [jobs, nowMs] = [2, noonMs];
      book.setLimits({ perDay: caps, perTag: { red: { videos: 3 } } }, nowMs);
      const asks = new Map<string, AdmissionRequest>();
      const waiting = new Set<string>();
      for (const each of steps) {
        const before = book.slotsTaken();
        if (each.do === 'ask') {
          const videoId = `v${each.video}`;
          const claimKey = `${videoId}/${each.submit}`;
          const tags = each.video % 2 ? ['red'] : [];
          const ask = asking(videoId, { claimKey, tags });
          asks.set(videoId, ask);
          const { outcome } = book.ask(ask, nowMs);
          if (outcome === 'waiting') waiting.add(videoId);
          else waiting.delete(videoId);
        }
        if (each.do === 'release')
          book.release({ videoId: `v${each.video}`, spent: each.spent }, nowMs);
        if (each.do === 'gone') {
          book.gone(`v${each.video}`, nowMs);
          waiting.delete(`v${each.video}`);
        }
        if (each.do === 'jobs') {
          jobs = each.jobs;
          book.setLimits({ jobs }, nowMs);
        }
        if (each.do === 'wait') {
          nowMs += each.ms;
          book.expire(nowMs);
        }
        if (each.do === 'continue as new' && !book.hasReady()) {
          book = openBook({ ...emptyState, ...JSON.parse(JSON.stringify(book.snapshot(nowMs))) });
        }
        book.takeReady(100);
        for (const { videoId } of book.calls()) waiting.delete(videoId);
        const { inFlight, reserved, spent, waiting: sizes } = book.status(nowMs);
        const taken = book.slotsTaken();
        expect(taken).toBeLessThanOrEqual(Math.max(jobs, before));
        for (const [scope, amount] of Object.entries(spent)) expectBelowCaps(scope, amount);
        const held = new Set([...inFlight, ...reserved].map(({ videoId }) => videoId));
        expect(spent[today]?.videos ?? 0).toBeGreaterThanOrEqual(held.size);
        expect(sizes.interactive).toBe(waiting.size);
        if (each.do === 'wait') expect(book.expiresAt()).toBeGreaterThan(nowMs);
        // No video waits while a slot is free.
        if (waiting.size > 0) expect(taken).toBeGreaterThanOrEqual(jobs);
      }
    }),
    { numRuns: 500 },
  );
});

function expectBelowCaps(scope: string, { videos, seconds, money }: Spent): void {
  expect(videos).toBeLessThanOrEqual(scope.startsWith('tag/') ? 3 : caps.videos);
  expect(seconds).toBeLessThanOrEqual(caps.seconds);
  expect(money).toBeLessThanOrEqual(caps.money);
}
