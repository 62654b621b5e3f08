import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataUri } from '../fakes/data-uris.ts';
import { readableHistory } from './history.ts';
import { onetakeJson } from './onetake.ts';
import { createHarness } from './harness.ts';

test('a picture inside a body reaches the gateway unchanged, is in no history, and is paid for once', async () => {
  await using harness = await createHarness({ speed: 100 });
  await harness.startWorker();
  const body = { model: 'kling-v1', image: dataUri, prompt: 'p', duration: 5 };
  const file = join(harness.folder, 'request.json');
  await writeFile(file, JSON.stringify(body));
  const generate = () =>
    onetakeJson<{ videoId: string }>(harness, ['generate', '--body', file, '--key', 'cat']);

  const first = await generate();
  const byClient = await harness.client.start({ format: 'videos', body }, { key: 'cat' });
  const { code } = await generate();

  expect(first).toMatchObject({ code: 0 });
  expect(harness.gateway.ledger.posts.map((post) => post.body)).toEqual([body]);
  expect({ outcome: byClient.outcome, code }).toEqual({ outcome: 'cached', code: 0 });
  expect(await readableHistory(harness, 'video/cat')).not.toContain('AAAAAAAA');
}, 60_000);
