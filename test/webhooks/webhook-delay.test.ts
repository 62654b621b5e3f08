import fc from 'fast-check';
import { expect, test } from 'vitest';
import { busyDelay, webhookDelay } from '../../src/webhooks/webhook-delay.ts';

const hourMs = 3_600_000;
const random = 0.5;

test('the wait doubles from 5 s to 1 h while each attempt fails', () => {
  const waits: number[] = [];
  for (let attempt = 1, elapsedMs = 0; elapsedMs < 72 * hourMs; attempt += 1) {
    const delayMs = webhookDelay({ attempt, elapsedMs, random });
    waits.push(delayMs);
    elapsedMs += delayMs;
  }
  expect(waits.slice(0, 4)).toEqual([5_000, 5_000, 10_000, 20_000]);
  expect(waits.at(-1)).toBe(hourMs);
  expect(waits.length).toBeLessThan(100);
});

test('attempts that were not sent do not lengthen the wait, and a delivery that found no worker begins with 5 s', () => {
  expect(webhookDelay({ attempt: 40, elapsedMs: 30_000, random })).toBe(30_000);
  expect(webhookDelay({ attempt: 1, elapsedMs: 10 * hourMs, random })).toBe(5_000);
});

test('waits are positive and bounded for every age', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: -1_000, max: 100 * hourMs }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, elapsedMs, any) => {
        const waits = [
          webhookDelay({ attempt, elapsedMs, random: any }),
          busyDelay({ elapsedMs, random: any }, { isProbing: true }),
          busyDelay({ elapsedMs, random: any }, { isProbing: false }),
        ];
        return waits.every((wait) => wait >= 400 && wait <= 1.2 * hourMs);
      },
    ),
  );
});
