import { describe, expect, test } from 'vitest';
import type { VideoStatus } from '../../src/contract/messages.ts';
import { statusDetails } from '../../src/workflows/status-details.ts';

const time = '2026-11-30T12:00:00.000Z';

const unresolved: VideoStatus = {
  phase: 'unresolved',
  format: 'videos',
  billed: 'maybe',
  startedAt: time,
  changedAt: time,
  warnings: [],
  unresolved: {
    failure: { kind: 'submit_unknown', message: 'The answer was lost', billed: 'maybe' },
    since: time,
    until: time,
    findings: ['the task log has no job', 'the request log has one request'],
    candidates: ['task_1'],
  },
};

describe('the details in the Temporal UI', () => {
  test('show findings and candidates as one list, apart from the paragraph before', () => {
    const [, list] = statusDetails(unresolved).split('\n\n- the task log');
    expect(list).toBe(' has no job\n- the request log has one request\n- candidate job: `task_1`');
  });

  test('show the place of a waiting video and its expected start', () => {
    const { unresolved: _, ...status } = unresolved;
    const failure = {
      kind: 'rate_limited',
      message: 'All 2 slots are taken',
      billed: 'no',
    } as const;
    const details = statusDetails({
      ...status,
      phase: 'waiting',
      waiting: { place: 3, of: 12, asOf: time, expectedStart: '2026-11-30T12:04:30.000Z' },
      retrying: { step: 'admission', failure, until: '2026-11-30T12:02:00.000Z' },
    });
    expect(details).toContain(
      'Waiting for a slot: 3rd of 12, expected to start at about 2026-11-30 12:05 UTC (as of 2026-11-30 12:00:00 UTC, next try by 2026-11-30 12:02:00 UTC): All 2 slots are taken',
    );
  });

  test('say when the job is expected, and nothing once it is completed or overdue', () => {
    const expected = {
      at: '2026-11-30T12:01:40.000Z',
      from: '2026-11-30T12:01:20.000Z',
      to: '2026-11-30T12:02:30.000Z',
    };
    const { unresolved: _, ...base } = unresolved;
    const running: VideoStatus = { ...base, phase: 'running', submittedAt: time, expected };
    const line = '- expected: 2026-11-30 12:01:40 UTC, usually 1:20–2:30';
    expect(statusDetails(running).split('\n')).toContain(line);
    for (const phase of ['delivering', 'overdue'] as const) {
      expect(statusDetails({ ...running, phase })).not.toContain('expected');
    }
  });

  test('say that an overdue job is still polled', () => {
    const { unresolved: _, ...status } = unresolved;
    expect(statusDetails({ ...status, phase: 'overdue' })).toMatch(/still polled/);
  });

  test('have no empty end without findings', () => {
    const { unresolved: found, ...status } = unresolved;
    const bare = found && { ...found, findings: [], candidates: [] };
    expect(statusDetails({ ...status, ...(bare && { unresolved: bare }) })).not.toMatch(/\n$/);
  });
});
