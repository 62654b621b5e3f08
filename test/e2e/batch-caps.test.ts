import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BatchRowResult } from '../../src/contract/batch.ts';
import { onetakeJson } from './onetake.ts';
import { createHarness } from './harness.ts';

const rows = 8;
const cap = 3;

test('a batch with a cap pays for no more videos than the cap, and refuses the other rows with the number', async () => {
  await using harness = await createHarness({ speed: 100 });
  await harness.startWorker();
  const manifest = join(harness.folder, 'launch.csv');
  const lines = Array.from({ length: rows }, (_, row) => `row-${row},kling-v1,scene ${row},5`);
  await writeFile(manifest, ['key,model,prompt,duration', ...lines, ''].join('\n'));
  const capped = ['batch', 'run', manifest, '--yes', '--cap-videos', String(cap)];
  expect(await onetakeJson(harness, capped)).toMatchObject({ code: 1 });
  expect(harness.gateway.ledger.posts).toHaveLength(cap);
  const results = ['batch', 'results', 'launch'];
  const { json } = await onetakeJson<{ results: BatchRowResult[] }>(harness, results);
  expect(json.results.filter(({ state }) => state === 'stored')).toHaveLength(cap);
  const refused = json.results.filter(({ failure }) => failure?.kind === 'cap_exceeded');
  expect(refused).toHaveLength(rows - cap);
  for (const { billed, failure } of refused) {
    expect(billed).toBe('no');
    expect(failure?.message).toContain(`${cap} videos`);
  }
  const ledger = await onetakeJson(harness, ['ledger', '--by', 'batch']);
  expect(ledger.json['totals']).toMatchObject([{ name: 'launch', billed: { yes: cap, maybe: 0 } }]);
}, 240_000);
