/**
 * `npm run chaos`, or `npm run chaos -- --runs 20 --seed 7 --seeds 1`: runs videos and a batch, while workers, Temporal
 * server and sandbox gateway are killed with -9 at times that the seed determines; then repeats it with the next seeds.
 * Each run replays every history and prints a table. Exits with 1 if a rule was violated.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { runChaos, type ChaosReport } from './chaos/run-chaos.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
    seeds: { type: 'string', default: '5' },
  },
});
const videos = wholeNumber('--runs', values.runs);
const first = wholeNumber('--seed', values.seed);
const seeds = wholeNumber('--seeds', values.seeds);

Runtime.install({ logger: new DefaultLogger('ERROR') });
for (let seed = first; seed < first + seeds; seed += 1) await play(seed);

async function play(seed: number): Promise<void> {
  print(`chaos: ${videos} videos, seed ${seed}`);
  const report = await runChaos({ videos, seed, onLine: print });
  for (const line of report.lost) print(line);
  print(table(report));
  for (const violation of report.violations) print(`VIOLATION ${violation}`);
  if (report.violations.length === 0) return;
  print(`seed ${seed}; kept: ${report.folder}`);
  process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`${name} must be a whole number from 1, not "${text}"\n`);
  process.exit(2);
}

function table(report: ChaosReport): string {
  const { counts, kills, words, histories, seconds, violations } = report;
  const rows = { ...counts, kills, words, histories, seconds, violations: violations.length };
  return Object.entries(rows)
    .map(([name, value]) => `${name.padEnd(33)}${value}`)
    .join('\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
