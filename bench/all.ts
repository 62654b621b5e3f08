/**
 * `npm run bench`: runs all benchmarks in turn, about six minutes on an idle machine, and prints ours beside the bare
 * workflows, a loop of timers and curl: ratios first, with their targets. Writes bench/results/all.json. It asserts no
 * times. `-- --runs 5` prints medians and ranges, `-- --only batch` runs one benchmark.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Measure } from './all/measures.ts';
import { runBench, runsIn, type BenchName } from './all/run-bench.ts';
import { summarize, summaryTable } from './all/summary.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const names = (['latency', 'batch', 'delivery'] as BenchName[]).filter(
  (name) => values.only === undefined || values.only === name,
);
if (names.length === 0) throw new RangeError('--only is latency, batch or delivery');

const checkout = fileURLToPath(new URL('..', import.meta.url));
const runs: Measure[][] = [];
for (let run = 1; run <= runsIn(values.runs); run += 1) {
  const measures: Measure[] = [];
  for (const name of names) {
    process.stdout.write(`\n${name}, run ${run}\n`);
    measures.push(...(await runBench(name, checkout)));
  }
  runs.push(measures);
}
const summaries = summarize(runs);
const results = new URL('results/', import.meta.url);
await mkdir(results, { recursive: true });
await writeFile(new URL('all.json', results), `${JSON.stringify(summaries, null, 2)}\n`);
process.stdout.write(`\n${summaryTable(summaries)}\n`);
