import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { cancellationLines, outcomeLines, shellWord } from '../../src/cli/video/report-video.ts';
import { failures } from '../../src/contract/failure.ts';
import type { RequestWarning } from '../../src/contract/video-request.ts';

const colors = picocolors.createColors(false);

describe('outcomeLines()', () => {
  test('of a failure has kind, money, message, ids and what to do', () => {
    const text = outcomeLines(
      {
        outcome: 'failed',
        videoId: 'video/cat',
        failure: {
          kind: 'task_failed',
          message: 'nsfw',
          billed: 'maybe',
          jobId: 'task_1',
          requestId: 'req_1',
        },
      },
      colors,
    ).join('\n');
    for (const part of ['task_failed', 'maybe', 'nsfw', 'task_1', 'req_1']) {
      expect(text).toContain(part);
    }
    expect(text).toContain(failures.task_failed.whatToDo);
  });

  test('of a failure names what is kept in place of the video', () => {
    const kept = { key: 'a.mp4', uri: 'file:///srv/a.mp4', sizeBytes: 12_000, sha256: 'a' };
    const failure = { kind: 'truncated', message: 'cut', billed: 'yes', kept } as const;
    const lines = outcomeLines({ outcome: 'failed', videoId: 'video/cat', failure }, colors);
    expect(lines.join('\n')).toContain('/srv/a.mp4, 12.0 kB');
    expect(lines.join('\n')).toContain('onetake download --force');
  });

  test('of a job that an earlier run has paid for says that nothing was submitted now, and what the worker warns of', () => {
    const facts = { durationSeconds: 5, width: 16, height: 9, hasAudio: true, warnings: [] };
    const file = { sizeBytes: 1, sha256: '00', contentType: 'video/mp4' } as const;
    const video = { key: 'videos/a.mp4', uri: 's3://b/videos/a.mp4', ...file, ...facts };
    const lines = (more: { paidBefore?: true; warnings?: RequestWarning[] }) =>
      outcomeLines(
        {
          outcome: 'stored',
          videoId: 'video/cat',
          result: { video, jobId: 'task_1', billed: 'yes', warnings: [], ...more },
        },
        colors,
      ).join('\n');
    expect(lines({ paidBefore: true })).toContain('nothing was submitted now');
    expect(lines({})).not.toContain('nothing was submitted now');
    const warnings = [{ field: 'job', message: 'the video "video/b" has adopted this job' }];
    expect(lines({ warnings })).toContain('! "job": the video "video/b" has adopted this job');
  });

  test('of a stored video has each warning of the request and of the file on a line of its own', () => {
    const facts = { durationSeconds: 5, width: 16, height: 9, hasAudio: true };
    const file = { sizeBytes: 1, sha256: '00', contentType: 'video/mp4' } as const;
    const uri = 's3://b/videos/a.mp4';
    const video = { key: 'videos/a.mp4', uri, ...file, ...facts, warnings: ['short'] };
    const warnings = [{ field: 'metadata.seed', message: 'is\nignored' }];
    const result = { video, jobId: 'task_1', billed: 'yes', warnings } as const;
    const lines = outcomeLines({ outcome: 'stored', videoId: 'video/cat', result }, colors);
    expect(lines.slice(-2)).toEqual(['! "metadata.seed": is ignored', '! short']);
  });

  test('of an overdue video does not call it a failure', () => {
    const text = outcomeLines(
      {
        outcome: 'pending',
        reason: 'overdue',
        videoId: 'video/cat',
        status: {
          videoId: 'video/cat',
          live: true,
          phase: 'overdue',
          billed: 'yes',
          jobId: 'task_1',
          startedAt: '2026-11-23T05:00:00Z',
        },
      },
      colors,
    ).join('\n');
    expect(text).toMatch(/overdue.*task_1.*still watched/);
    expect(text).not.toMatch(/fail/i);
  });
});

describe('cancellationLines()', () => {
  test('says that nothing was billed only before anything was sent', () => {
    const before = cancellationLines({ outcome: 'stopped_before_spend', billed: 'no' }, colors);
    expect(before.join()).toMatch(/nothing was billed/);
  });

  test('names the job that continues and stays billed', () => {
    const cancellation = { outcome: 'watching_stopped', billed: 'yes', jobId: 'task_1' } as const;
    const text = cancellationLines(cancellation, colors).join('\n');
    expect(text).toMatch(/continues.*stays billed/);
    expect(text).toContain('task_1');
  });

  test('claims nothing about a submit that was under way', () => {
    const cancellation = { outcome: 'watching_stopped', billed: 'maybe' } as const;
    const text = cancellationLines(cancellation, colors).join('\n');
    expect(text).toMatch(/may exist/);
    expect(text).not.toMatch(/stays billed|nothing was billed/);
  });
});

test.each([
  ['video/cat-42', 'cat-42'],
  ['video/batch/row 1', "'batch/row 1'"],
  ["video/it's", `'it'\\''s'`],
])('shellWord() writes %s so that it can be pasted', (videoId, word) => {
  expect(shellWord(videoId)).toBe(word);
});
