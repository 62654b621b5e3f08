import {
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createLimitsClient } from '../../src/client/limits-client.ts';
import { createFakeClient, type ClientScript } from '../fakes/fake-client.ts';

const id = 'admission/1';

function throwing(error: Error) {
  return () => {
    throw error;
  };
}

function limitsOf(script: ClientScript) {
  const { client, calls } = createFakeClient(script);
  return { limits: createLimitsClient(client), calls };
}

test('status() is null before the first submit on the key', async () => {
  const query = throwing(new WorkflowNotFoundError('not found', id, undefined));
  expect(await limitsOf({ query }).limits.status(id)).toBeNull();
});

test('set() starts the admission before it changes it, so that limits can be set before the first submit', async () => {
  const { limits, calls } = limitsOf({ start: ['run-1'], update: () => ({ jobs: 5 }) });
  expect(await limits.set(id, { jobs: 5 })).toEqual({ jobs: 5 });
  expect(calls.map(({ name }) => name)).toEqual(['start', 'update']);
});

test.each([
  [
    'invalid_request',
    new WorkflowUpdateFailedError('no', ApplicationFailure.create({ message: 'wrong' })),
  ],
  ['no_answer', new WorkflowUpdateRPCTimeoutOrCancelledError('late')],
])('set() fails with %s', async (kind, error) => {
  const { limits } = limitsOf({ start: ['run-1'], update: throwing(error) });
  await expect(limits.set(id, { jobs: 5 })).rejects.toMatchObject({ kind });
});
