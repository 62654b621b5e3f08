/**
 * `npm run bench:compare -- ../other-checkout`: this checkout and another one, alternating, so that both see the same
 * machine; the other one needs its node_modules. Prints medians, ranges and ratios, and writes bench/results/compare.json.
 * `--runs 5` runs each so often, `--only delivery` another benchmark than batch; what follows `--` is given to it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Measure } from './all/measures.ts';
import { runBench, runsIn, type BenchName } from './all/run-bench.ts';
import { comparisonTable, summarize } from './all/summary.ts';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: 'batch' } },
  allowPositionals: true,
});
const [other, ...args] = positionals;
if (other === undefined || !['batch', 'delivery'].includes(values.only)) {
  throw new RangeError(
    'Use: npm run bench:compare -- OTHER_CHECKOUT --runs N --only batch|delivery',
  );
}
const name = values.only as BenchName;
const sides = { this: fileURLToPath(new URL('..', import.meta.url)), other: resolve(other) };
const runs: Record<keyof typeof sides, Measure[][]> = { this: [], other: [] };
for (let run = 1; run <= runsIn(values.runs); run += 1) {
  // Which one is first alternates, too: a machine may become warm.
  const order = run % 2 === 1 ? (['this', 'other'] as const) : (['other', 'this'] as const);
  for (const side of order) {
    process.stdout.write(`\n${name}, run ${run}, ${side}\n`);
    runs[side].push(await runBench(name, sides[side], args));
  }
}
const [ours, theirs] = [summarize(runs.this), summarize(runs.other)];
const results = new URL('results/', import.meta.url);
await mkdir(results, { recursive: true });
const report = JSON.stringify({ name, this: ours, other: theirs }, null, 2);
await writeFile(new URL('compare.json', results), `${report}\n`);
process.stdout.write(`\n${comparisonTable(ours, theirs)}\n`);
