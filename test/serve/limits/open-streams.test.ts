import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOpenStreams } from '../../../src/serve/limits/open-streams.ts';

test('an id with as many open streams as allowed gets no more until one ends', () => {
  const streams = createOpenStreams(2);
  const end = streams.open('a');
  streams.open('a');
  expect(streams.open('a')).toBeNull();
  expect(streams.open('b')).not.toBeNull();
  end?.();
  expect(streams.open('a')).not.toBeNull();
  expect(streams.open('a')).toBeNull();
});

test('a stream that ends several times counts once', () => {
  const streams = createOpenStreams(2);
  const end = streams.open('a');
  streams.open('a');
  streams.open('b');
  expect(streams.size).toBe(3);
  end?.();
  end?.();
  expect(streams.count('a')).toBe(1);
  expect(streams.size).toBe(2);
});

test('the count of an id is that of the streams opened and not ended, and never above the maximum', () => {
  const steps = fc.array(fc.oneof(fc.constant('open' as const), fc.nat(30)), { maxLength: 100 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), steps, (max, given) => {
      const streams = createOpenStreams(max);
      const open = new Set<() => void>();
      const all: (() => void)[] = [];
      for (const step of given) {
        if (step === 'open') {
          const end = streams.open('a');
          expect(end === null).toBe(open.size >= max);
          if (end) open.add(end);
          if (end) all.push(end);
        } else {
          const end = all[step];
          end?.();
          if (end) open.delete(end);
        }
        expect(streams.count('a')).toBe(open.size);
      }
    }),
  );
});
