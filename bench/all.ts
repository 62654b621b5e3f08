/**
 * `npm run bench`: counts Temporal actions, then measures time, CPU and bytes, about twelve minutes on an idle machine.
 * Prints ours beside the bare workflows, a loop of timers and curl: ratios first, with their targets. Writes
 * bench/results/all.json. It asserts no times. `-- --runs 5` prints medians and ranges, `-- --only batch` runs one.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Measure } from './all/measures.ts';
import { benchNames, runBench, runsIn } from './all/run-bench.ts';
import { summarize, summaryTable } from './all/summary.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const names = benchNames.filter((name) => values.only === undefined || values.only === name);
if (names.length === 0) throw new RangeError(`--only is one of ${benchNames.join(', ')}`);

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
