import { expect, test } from 'vitest';
import { otherTakes } from '../../src/runs/other-takes.ts';
import { createFakeClient } from '../fakes/fake-client.ts';

const ids = ['video/cat/take-10', 'video/cat/take-2', 'video/cat', 'video/cat/take-2/x'];

test.each([
  ['video/cat', ['video/cat/take-2', 'video/cat/take-10']],
  ['video/cat/take-2', ['video/cat', 'video/cat/take-10']],
])(
  'the other takes of %s are listed by their numbers, without videos of other keys',
  async (videoId, others) => {
    const list = ids.map((workflowId) => ({ workflowId }));
    const { client } = createFakeClient({ list });
    expect(await otherTakes(client, videoId)).toEqual(others);
  },
);

test('a key with a quotation mark is a key, not a part of the query', async () => {
  const { client, calls } = createFakeClient();
  await otherTakes(client, `video/x' OR 'a' = 'a`);
  expect(calls[0]?.given).toMatchObject([
    {
      query: expect.stringContaining(String.raw`WorkflowId = 'video/x\' OR \'a\' = \'a'`) as string,
    },
  ]);
});

test('videos of the HTTP API have no takes', async () => {
  const { client, calls } = createFakeClient();
  expect(await otherTakes(client, 'video/@acme/video_1')).toEqual([]);
  expect(calls).toEqual([]);
});
