import { expect, test } from 'vitest';
import { demoChecks, type DemoEvidence } from '../../src/cli/run/demo-checks.ts';

const evidence: DemoEvidence = {
  outcome: {
    outcome: 'stored',
    videoId: 'video/demo',
    result: {
      jobId: 'task_1',
      billed: 'yes',
      warnings: [],
      video: {
        key: 'videos/demo.mp4',
        uri: 'file:///tmp/demo.mp4',
        sizeBytes: 7,
        sha256: 'ab',
        contentType: 'video/mp4',
        durationSeconds: 5,
        width: 1920,
        height: 1080,
        hasAudio: false,
        warnings: [],
      },
    },
  },
  ledger: { posts: [{}], paidJobs: [{ jobId: 'task_1' }], statusRequests: [{}, {}] },
  killed: { signal: 'SIGKILL', during: 'at 30 %' },
  file: { sha256: 'ab', sizeBytes: 7 },
};

const broken = (found: DemoEvidence) =>
  demoChecks(found)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

test('demoChecks() holds when all of it is true', () => {
  expect(broken(evidence)).toEqual([]);
});

test.each<[string, Partial<DemoEvidence>, string[]]>([
  ['a second POST', { ledger: { ...evidence.ledger, posts: [{}, {}] } }, ['paid POSTs']],
  [
    'another paid job',
    { ledger: { ...evidence.ledger, paidJobs: [{ jobId: 'x' }] } },
    ['paid job'],
  ],
  ['a worker that lived', { killed: null }, ['worker killed']],
  ['another file', { file: { sha256: 'cd', sizeBytes: 7 } }, ['sha256']],
  ['no file', { file: null }, ['file', 'size', 'sha256']],
])('demoChecks() notices %s', (_, change, names) => {
  expect(broken({ ...evidence, ...change })).toEqual(names);
});
