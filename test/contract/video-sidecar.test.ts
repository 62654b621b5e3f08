import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSidecar, type VideoSidecar } from '../../src/contract/video-sidecar.ts';

const sidecar: VideoSidecar = {
  videoId: 'video/demo',
  jobId: 'task_1',
  format: 'videos',
  sizeBytes: 3,
  sha256: 'a'.repeat(64),
  contentType: 'video/mp4',
  durationSeconds: 4,
  width: 1280,
  height: 720,
  hasAudio: true,
  warnings: [],
  storedAt: '2026-11-23T08:00:00.000Z',
  billed: 'yes',
};
const text = JSON.stringify(sidecar);

test('a sidecar is read back, with fields of a later version', () => {
  expect(readSidecar(text)).toEqual(sidecar);
  expect(readSidecar(JSON.stringify({ ...sidecar, later: 1 }))).toMatchObject(sidecar);
});

test.each(Object.keys(sidecar))('a file without %s is no sidecar', (field) => {
  expect(readSidecar(JSON.stringify({ ...sidecar, [field]: undefined }))).toBeNull();
  expect(readSidecar(JSON.stringify({ ...sidecar, [field]: null }))).toBeNull();
});

test('a truncated or foreign file is no sidecar, and no error', () => {
  fc.assert(
    fc.property(fc.nat(text.length - 1), (keep) => readSidecar(text.slice(0, keep)) === null),
  );
  fc.assert(fc.property(fc.json(), (json) => readSidecar(json) === null));
});
