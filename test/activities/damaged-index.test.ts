import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkVideo, type VideoChecks } from '../../src/activities/deliver/check-video.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { allBoxes, asFile, muxerFiles, readMuxed } from './media.ts';

async function verdict(bytes: Buffer, checks: VideoChecks): Promise<string> {
  const answer = checkVideo({ ...asFile(bytes), provenWhole: true }, { checks });
  return answer.then(
    () => 'passed',
    (error: unknown) => (error instanceof GatewayError ? error.kind : String(error)),
  );
}

/** The file with another number in the first box of a type, so many bytes behind its start. */
function withNumber(name: string, type: string, at: number, value: number): Buffer {
  const copy = Buffer.from(readMuxed(name));
  const box = allBoxes(copy).find(({ path }) => path.at(-1) === type);
  if (!box) throw new RangeError(`"${name}" has no box "${type}"`);
  copy.writeUInt32BE(value, box.start + at);
  return copy;
}

describe.each(['strict', 'lenient'] as const)('a damaged count, with %s checks', (checks) => {
  test.each([
    ['plain.mp4', 'stts', 16],
    ['plain.mp4', 'ctts', 16],
    ['plain.mp4', 'stsc', 16],
    ['faststart.mp4', 'stsc', 20],
    ['fragmented.mp4', 'trun', 12],
  ])('is refused before anything is listed so often: %s, %s', async (name, type, at) => {
    for (const count of [2 ** 24, 2 ** 31, 2 ** 32 - 1]) {
      expect(await verdict(withNumber(name, type, at, count), checks)).toBe('not_video');
    }
  });

  test('of the samples that have no size is refused', async () => {
    const copy = withNumber('plain.mp4', 'stsz', 16, 2 ** 32 - 1);
    const box = allBoxes(copy).find(({ path }) => path.at(-1) === 'stsz');
    copy.write('stz2', (box?.start ?? 0) + 4, 'latin1');
    expect(await verdict(copy, checks)).toBe('not_video');
  });

  test('in a fragment after the first damage is refused as well', async () => {
    const copy = withNumber('fragmented.mp4', 'trun', 12, 2);
    const last = allBoxes(copy).findLast(({ path }) => path.at(-1) === 'trun');
    copy.writeUInt32BE(2 ** 31, (last?.start ?? 0) + 12);
    expect(await verdict(copy, checks)).toBe('not_video');
  });
});

describe('a flipped bit in an index', () => {
  const flipped = fc.constantFrom(...muxerFiles).chain((name) => {
    const boxes = allBoxes(readMuxed(name)).filter(({ path }) => /^moo[vf]$/.test(path[0] ?? ''));
    return fc.constantFrom(...boxes).chain(({ start, size }) =>
      fc.record({
        name: fc.constant(name),
        place: fc.integer({ min: start, max: start + Math.min(size, 40) - 1 }),
        bit: fc.nat(7),
      }),
    );
  });

  test('gives a video or a refusal, and no other error', async () => {
    await fc.assert(
      fc.asyncProperty(flipped, async ({ name, place, bit }) => {
        const copy = Buffer.from(readMuxed(name));
        copy.writeUInt8(copy.readUInt8(place) ^ (1 << bit), place);
        for (const checks of ['strict', 'lenient'] as const) {
          expect(await verdict(copy, checks)).toMatch(/^(passed|truncated|not_video)$/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('never passes strict', () => {
  test.each(['stts', 'stsd', 'stco', 'stsc', 'trun'])(
    'a file whose box "%s" has another number of entries',
    async (type) => {
      const tables = muxerFiles.flatMap((name) =>
        allBoxes(readMuxed(name))
          .filter(({ path }) => path.at(-1) === type)
          .map(({ start }) => ({ name, place: start + 12 })),
      );
      const another = fc.record({
        table: fc.constantFrom(...tables),
        count: fc.oneof(fc.nat(100), fc.nat(2 ** 32 - 1)),
      });
      await fc.assert(
        fc.asyncProperty(another, async ({ table: { name, place }, count }) => {
          const copy = Buffer.from(readMuxed(name));
          fc.pre(copy.readUInt32BE(place) !== count);
          copy.writeUInt32BE(count, place);
          expect(await verdict(copy, 'strict')).toMatch(/^(truncated|not_video)$/);
        }),
      );
    },
  );

  test.each(['mvhd', 'mdhd'])('a file whose "%s" has no unit of time', async (type) => {
    const copy = withNumber('plain.mp4', type, 20, 0);
    expect(await verdict(copy, 'strict')).toMatch(/^(truncated|not_video)$/);
  });
});
