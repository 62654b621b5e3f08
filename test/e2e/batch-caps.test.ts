import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { BatchRowResult } from '../../src/contract/batch.ts';
import { setStage, type Stage } from './stage.ts';

const bin = fileURLToPath(new URL('../../bin/onetake.js', import.meta.url));
const rows = 8;
const cap = 3;

function onetake({ env, folder }: Stage, ...args: string[]) {
  const options = { env: { ...process.env, ...env }, cwd: folder };
  return new Promise<{ code: number; json: Record<string, unknown> }>((resolve) => {
    execFile(process.execPath, [bin, ...args, '--json'], options, (error, stdout) => {
      const json = JSON.parse(stdout) as Record<string, unknown>;
      resolve({ code: error ? Number(error.code) : 0, json });
    });
  });
}

test('a capped batch pays for no more videos than its cap, and refuses the other rows with the number', async () => {
  await using stage = await setStage({ speed: 100 });
  await stage.startWorker();
  const manifest = join(stage.folder, 'launch.csv');
  const lines = Array.from({ length: rows }, (_, row) => `row-${row},kling-v1,scene ${row},5`);
  await writeFile(manifest, ['key,model,prompt,duration', ...lines, ''].join('\n'));
  const capped = ['batch', 'run', manifest, '--yes', '--cap-videos', String(cap)];
  expect(await onetake(stage, ...capped)).toMatchObject({ code: 1 });
  expect(stage.gateway.ledger.posts).toHaveLength(cap);
  const { json } = await onetake(stage, 'batch', 'results', 'launch');
  const results = json['results'] as BatchRowResult[];
  expect(results.filter(({ state }) => state === 'stored')).toHaveLength(cap);
  const refused = results.filter(({ failure }) => failure?.kind === 'cap_exceeded');
  expect(refused).toHaveLength(rows - cap);
  for (const { billed, failure } of refused) {
    expect(billed).toBe('no');
    expect(failure?.message).toContain(`${cap} videos`);
  }
  const ledger = await onetake(stage, 'ledger', '--by', 'batch');
  expect(ledger.json['totals']).toMatchObject([{ name: 'launch', billed: { yes: cap, maybe: 0 } }]);
}, 240_000);
