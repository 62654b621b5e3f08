import { expect, test } from 'vitest';
import {
  cut,
  padded,
  readBoxes,
  withOpenMdat,
  withSize64,
} from '../../src/sandbox-gateway/media-fixtures.ts';
import {
  chooseMedia,
  readMediaFile,
  vendorFiles,
} from '../../src/sandbox-gateway/media-library.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { create } from './sandbox-client.ts';

const types = (file: Buffer): string[] => readBoxes(file).map((box) => box.type);
const total = (file: Buffer): number => readBoxes(file).reduce((sum, box) => sum + box.size, 0);

test.each([...vendorFiles, 'audio-short.mp4'])('%s is faststart and adds up', (name) => {
  const file = readMediaFile(name);

  expect(types(file)).toEqual(['ftyp', 'moov', 'free', 'mdat']);
  expect(total(file)).toBe(file.length);
});

test('moov-last.mp4 has its moov at the end, and none when cut', () => {
  const file = readMediaFile('moov-last.mp4');

  expect(types(file)).toEqual(['ftyp', 'free', 'mdat', 'moov']);
  expect(types(cut(file))).not.toContain('moov');
});

test('a cut faststart file promises more mdat than it has', () => {
  const file = cut(readMediaFile('1280x720-5s.mp4'));

  expect(types(file)).toContain('moov');
  expect(total(file)).toBeGreaterThan(file.length);
});

test('odd but valid files still add up and keep every media byte in place', () => {
  const file = readMediaFile('1280x720-5s.mp4');
  const wide = withSize64(file);
  const open = withOpenMdat(file);

  expect([types(wide), total(wide)]).toEqual([['ftyp', 'moov', 'mdat'], file.length]);
  expect(wide.subarray(-50_000).equals(file.subarray(-50_000))).toBe(true);
  expect([types(open), total(open)]).toEqual([['ftyp', 'moov', 'free', 'mdat'], file.length]);
  expect(types(padded(file, 100)).at(-1)).toBe('free');
});

test.each<[width: number, height: number, madeSeconds: number, name: string]>([
  [1024, 1024, 5, '1024x1024-5s.mp4'],
  [1280, 720, 10, '1280x720-10s.mp4'],
  [720, 1280, 4, '720x1280-4s.mp4'],
  [1920, 1080, 5, '1920x1080-5s.mp4'],
  [1024, 1792, 8, '720x1280-8s.mp4'],
])('a request for %ix%i, %i s gets %s', (width, height, madeSeconds, name) => {
  expect(chooseMedia({ width, height, madeSeconds })).toBe(name);
});

test('a Kling job without a size is square', async () => {
  await using gateway = await startSandboxGateway();

  await create(gateway);

  expect(gateway.ledger.vendorJobs[0]?.sent['aspect_ratio']).toBe('1:1');
});
