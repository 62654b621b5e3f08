import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRange } from '../../../src/serve/content/byte-ranges.ts';

const size = fc.nat(1_000);
const position = fc.nat(1_500);

/** Positions of all bytes of a file. */
function bytesOf(sizeBytes: number): number[] {
  return Array.from({ length: sizeBytes }, (_, index) => index);
}

/** What the range has of these bytes. */
function taken(header: string, sizeBytes: number): number[] | null {
  const range = readRange(header, sizeBytes);
  if (range === null) return null;
  return range === 'unsatisfiable' ? [] : bytesOf(sizeBytes).slice(range.start, range.end + 1);
}

test('a range from one byte to another has these bytes of the file', () => {
  fc.assert(
    fc.property(size, position, fc.nat(1_500), (sizeBytes, first, length) => {
      const expected = bytesOf(sizeBytes).filter((at) => at >= first && at <= first + length);
      expect(taken(`bytes=${first}-${first + length}`, sizeBytes)).toEqual(expected);
    }),
  );
});

test('a range without an end has all bytes from its start', () => {
  fc.assert(
    fc.property(size, position, (sizeBytes, first) => {
      const expected = bytesOf(sizeBytes).filter((at) => at >= first);
      expect(taken(`bytes=${first}-`, sizeBytes)).toEqual(expected);
    }),
  );
});

test('a suffix has that many of the last bytes, at most the whole file', () => {
  fc.assert(
    fc.property(size, position, (sizeBytes, length) => {
      const expected = bytesOf(sizeBytes).filter((at) => at >= sizeBytes - length);
      expect(taken(`bytes=-${length}`, sizeBytes)).toEqual(expected);
    }),
  );
});

test('no header gives a range outside the file', () => {
  const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=[0-9, -]{0,40}$/));
  fc.assert(
    fc.property(header, size, (text, sizeBytes) => {
      const range = readRange(text, sizeBytes);
      if (range === null || range === 'unsatisfiable') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeGreaterThanOrEqual(range.start);
      expect(range.end).toBeLessThan(sizeBytes);
    }),
  );
});

test.each([
  null,
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=5-4',
  'bytes=a-b',
  'bytes=0x1-2',
  'bytes=-1-2',
  'bytes=1.5-2',
  'bytes=+1-2',
  'bytes=0-1,3-4',
  'bytes 0-1',
  'items=0-1',
])('the header %j selects no range, so the whole file is sent', (header) => {
  expect(readRange(header, 10)).toBeNull();
});

test('numbers beyond the safe integers are handled as positions after the end', () => {
  expect(readRange('bytes=3-99999999999999999999', 10)).toEqual({ start: 3, end: 9 });
  expect(readRange(`bytes=-${'9'.repeat(400)}`, 10)).toEqual({ start: 0, end: 9 });
  expect(readRange('bytes=99999999999999999999-', 10)).toBe('unsatisfiable');
});

test('the name of the unit may have any case', () => {
  expect(readRange('Bytes=0-1', 10)).toEqual({ start: 0, end: 1 });
});
