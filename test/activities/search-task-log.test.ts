import { expect, test } from 'vitest';
import { isOurs } from '../../src/activities/resolve/search-task-log.ts';

test.each([
  ['the same prompt', 'a cat', 'a cat', true],
  ['another prompt', 'a cat', 'a dog', false],
  ['a log without prompts', 'a cat', undefined, false],
  ['a request and a log without prompts', undefined, undefined, false],
  ['a request without a prompt, and a blank one', undefined, '', false],
])('%s: whether a job is surely ours', (_, asked, logged, ours) => {
  const body = { model: 'SD2.0 720P', ...(asked !== undefined && { prompt: asked }) };
  const job = {
    jobId: 'task_1',
    submittedAt: 1,
    model: body.model,
    ...(logged !== undefined && { prompt: logged }),
  };
  expect(isOurs(job, { format: 'videos', body })).toBe(ours);
});
