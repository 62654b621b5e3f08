/**
 * `npm run chaos -- --runs 50 --seed 7`: so many videos, while workers, Temporal server and sandbox gateway are killed
 * with -9 at moments that the seed chooses. Ends with a table, and with 1 when a law of money was broken.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runChaos, type ChaosReport } from './chaos/run-chaos.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
  },
});
const videos = wholeNumber('--runs', values.runs);
const seed = wholeNumber('--seed', values.seed);

print(`chaos: ${videos} videos, seed ${seed}`);
const report = await runChaos({ videos, seed, onLine: print });
for (const line of report.lost) print(line);
print(table(report));
for (const violation of report.violations) print(`VIOLATION ${violation}`);
if (report.violations.length > 0) print(`seed ${seed}; kept: ${report.folder}`);
process.exitCode = report.violations.length === 0 ? 0 : 1;

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`${name} must be a whole number from 1, not "${text}"\n`);
  process.exit(2);
}

function table({ counts, kills, seconds, violations }: ChaosReport): string {
  const rows = { ...counts, kills, seconds, violations: violations.length };
  return Object.entries(rows)
    .map(([name, value]) => `${name.padEnd(33)}${value}`)
    .join('\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
