import { expect, test } from 'vitest';
import { parseBaseUrl } from '../../src/gateway/transport/base-url.ts';
import { readJobStatus } from '../../src/gateway/jobs/job-status.ts';

const place = { base: parseBaseUrl('https://88api.ai'), jobId: 'task_1' };

test.each([
  { status: 'FAILURE', fail_reason: 'Failure to pass the risk control system' },
  { status: 'failed', error: { code: 'moderation_blocked', message: 'no' } },
  { status: 'FAILURE', fail_reason: 'generated video contains sensitive content' },
])('the failed job %j is one of moderation', (body) => {
  const { failure } = readJobStatus(body, place) ?? {};
  expect(failure).toMatchObject({ kind: 'task_failed', about: 'moderation' });
});

test('a job that the vendor could not make is none of moderation', () => {
  const body = { status: 'FAILURE', fail_reason: 'inference failed' };
  const { failure } = readJobStatus(body, place) ?? {};
  expect(failure).toMatchObject({ kind: 'task_failed' });
  expect(failure).not.toHaveProperty('about');
});
