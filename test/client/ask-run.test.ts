import { QueryNotRegisteredError, type Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { askRun } from '../../src/client/ask-run.ts';

const invalidArgument = 3;

/** A client that meets the errors one after another, and then gets the answer. */
function clientThatMeets(errors: Error[]) {
  let asked = 0;
  const query = () => {
    const error = errors[asked];
    asked += 1;
    return error === undefined ? Promise.resolve('running') : Promise.reject(error);
  };
  const client = { workflow: { getHandle: () => ({ query }) } } as unknown as Client;
  return { client, asked: () => asked };
}

const refusal = () => new QueryNotRegisteredError('ask again', invalidArgument);

test('a query that is refused before and after the first workflow task of a new worker is answered', async () => {
  const { client } = clientThatMeets([refusal(), refusal()]);
  expect(await askRun(client, 'video', 'videoStatus')).toBe('running');
});

test('a query that is always refused ends with the refusal', async () => {
  const { client, asked } = clientThatMeets(Array.from({ length: 100 }, refusal));
  await expect(askRun(client, 'video', 'videoStatus')).rejects.toThrow(QueryNotRegisteredError);
  expect(asked()).toBe(5);
});

test('another error ends the query at once', async () => {
  const { client, asked } = clientThatMeets([new Error('no connection')]);
  await expect(askRun(client, 'video', 'videoStatus')).rejects.toThrow('no connection');
  expect(asked()).toBe(1);
});
