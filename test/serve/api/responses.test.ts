import { describe, expect, test } from 'vitest';
import { videoPhases, type VideoPhase } from '../../../src/contract/messages.ts';
import {
  createdGenerationSchema,
  generationSchema,
  videoListSchema,
  videoSchema,
} from '../../../src/serve/api/video-schemas.ts';
import {
  createdGeneration,
  generationStatus,
} from '../../../src/serve/videos/generations-object.ts';
import { listObject } from '../../../src/serve/videos/list-videos.ts';
import { videoObject, type TenantVideo } from '../../../src/serve/videos/video-object.ts';

const startedAt = '2026-11-30T02:00:00.000Z';
const failure = {
  kind: 'moderation',
  message: 'Refused',
  billed: 'no',
  jobId: 'task_1',
  requestId: 'r-1',
  httpStatus: 400,
  gatewayCode: 'sensitive',
} as const;

/** A video with every field that a status may have. */
function fullVideo(phase: VideoPhase): TenantVideo {
  const video = {
    key: 'videos/a.mp4',
    uri: 'file:///a.mp4',
    sizeBytes: 10,
    sha256: '0'.repeat(64),
    contentType: 'video/mp4',
    durationSeconds: 4.04,
    width: 1280,
    height: 720,
    hasAudio: true,
    warnings: ['It is 1 s shorter'],
  } as const;
  return {
    status: {
      videoId: `video/@acme/video_${'0'.repeat(40)}`,
      phase,
      billed: 'maybe',
      live: true,
      startedAt,
      format: 'videos',
      model: 'sora-2',
      jobId: 'task_1',
      progressPercent: 55.5,
      submittedAt: startedAt,
      deadlineAt: startedAt,
      expected: { at: startedAt, from: startedAt, to: startedAt },
      changedAt: startedAt,
      attention: 'quota',
      unknownWord: 'PAUSED',
      unresolved: {
        failure,
        since: startedAt,
        until: startedAt,
        findings: ['2 jobs'],
        candidates: ['task_1'],
        decided: 'adopt',
      },
      retrying: { failure, attempt: 2, until: startedAt },
      waiting: { place: 3, of: 12, asOf: startedAt, expectedStart: startedAt },
      cancellation: { outcome: 'kept', billed: 'yes', jobId: 'task_1' },
      failedTakes: [],
      failure,
      video: { ...video, warnings: [...video.warnings] },
      warnings: [{ field: 'size', message: 'Is dropped', effect: 'dropped' }],
    },
    memo: { model: 'sora-2', prompt: 'A cat', seconds: '4', size: '1280x720' },
    createdAt: 1_796_000_000,
    completedAt: phase === 'stored' ? 1_796_000_100 : null,
    outcome: 'cached',
  };
}

const bareVideo: TenantVideo = {
  status: {
    videoId: `video/@acme/video_${'0'.repeat(40)}`,
    phase: 'waiting',
    billed: 'no',
    live: false,
    startedAt,
  },
  memo: { model: '', prompt: null, seconds: '', size: '' },
  createdAt: 1_796_000_000,
  completedAt: null,
};

test('a waiting video tells its place in the queue in seconds since the epoch, without the time where it is not known or past', () => {
  const { status, ...rest } = fullVideo('waiting');
  const at = Date.parse(startedAt) / 1_000;
  const told = { place: 3, of: 12, as_of: at, expected_start: at };
  const seen = (ms: number) => videoObject({ status, ...rest }, null, at * 1_000 + ms);
  expect(seen(0).onetake.waiting).toEqual(told);
  const { expected_start: _past, ...later } = told;
  expect(seen(1).onetake.waiting).toEqual(later);
  const far = { ...status, waiting: { of: 5_000, asOf: startedAt } };
  expect(videoObject({ ...rest, status: far }).onetake.waiting).toEqual({ of: 5_000, as_of: at });
});

test('a waiting video says that it waits, not that the gateway refuses it', () => {
  const { status, ...rest } = fullVideo('waiting');
  const noSlot = { kind: 'rate_limited', message: 'All 2 slots are taken', billed: 'no' } as const;
  const waiting = { ...status, retrying: { step: 'admission', failure: noSlot } as const };
  const { retrying } = videoObject({ ...rest, status: waiting }).onetake;
  expect(retrying?.failure.message).toBe('The video waits for a slot at the gateway');
});

describe.each([...videoPhases.map(fullVideo), bareVideo])(
  'a video in phase $status.phase',
  (video) => {
    test('has its schema, without a field more, in every shape', () => {
      expect(videoSchema.parse(videoObject(video))).toEqual(videoObject(video));
      generationSchema.parse(generationStatus(video, 'https://example.com/a.mp4'));
      createdGenerationSchema.parse(createdGeneration(video));
      videoListSchema.parse(listObject([videoObject(video)], false));
    });

    test('says nothing about the storage of the operator', () => {
      expect(JSON.stringify(videoObject(video))).not.toMatch(/file:|videos\/a/);
    });
  },
);

describe('the expected time of a video', () => {
  const since = Date.parse(startedAt);
  const iso = (ms: number) => new Date(since + ms).toISOString();
  const expected = { at: iso(100_000), from: iso(80_000), to: iso(150_000) };
  const running = fullVideo('running');
  const known = { ...running, status: { ...running.status, expected } };
  const etaAt = (ms: number) => videoObject(known, null, since + ms).onetake.eta;
  const usual_seconds = { from: 80, to: 150 };

  test('only counts down, and is no number once the job takes longer than usual', () => {
    const left = [0, 60_500, 100_000, 149_000, 150_000].map((ms) => etaAt(ms)?.seconds_left);
    expect(left).toEqual([100, 39, 0, 0, null]);
    expect(etaAt(0)).toEqual({ seconds_left: 100, usual_seconds });
  });

  test('is null where nothing is known, and when the job is completed', () => {
    const { expected: _, ...unknown } = known.status;
    expect(videoObject({ ...known, status: unknown }).onetake.eta).toBeNull();
    const stored = { ...known, status: { ...known.status, phase: 'stored' as const } };
    expect(videoObject(stored).onetake.eta).toBeNull();
  });
});
