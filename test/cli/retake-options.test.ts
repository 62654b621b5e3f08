import { expect, test } from 'vitest';
import { parseRetakes } from '../../src/cli/video/retake-options.ts';

test.each([
  [{}, undefined],
  [{ retakes: '2' }, { kinds: ['moderation', 'task_failed', 'task_timeout'], max: 2 }],
  [
    { retakes: '1', retakeOn: 'moderation' },
    { kinds: ['moderation'], max: 1 },
  ],
  [
    { retakes: '10', retakeOn: 'task_failed, task_timeout' },
    { kinds: ['task_failed', 'task_timeout'], max: 10 },
  ],
])('retake flags %j are read', (flags, retakes) => {
  expect(parseRetakes(flags)).toEqual(retakes);
});

test.each([
  [{ retakes: '0' }, '--retakes "0"'],
  [{ retakes: '11' }, '--retakes "11"'],
  [{ retakes: '1.5' }, '--retakes "1.5"'],
  [{ retakes: '' }, '--retakes ""'],
  [{ retakes: '2', retakeOn: 'auth' }, '--retake-on "auth"'],
  [{ retakes: '2', retakeOn: '' }, '--retake-on ""'],
  [{ retakeOn: 'moderation' }, '--retakes'],
])('retake flags %j are refused by name', (flags, named) => {
  expect(() => parseRetakes(flags)).toThrow(named);
});
