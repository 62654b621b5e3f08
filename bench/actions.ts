/**
 * `npm run bench:actions`: billable Temporal actions per video, by the list of Temporal Cloud; takes about five minutes.
 *
 * Four cases at once, each with a server, a gateway and a worker of its own, jobs of two minutes in real time: videos of
 * which the gateway's callback tells, videos that are polled, and the rows of a batch of both kinds. The worker knows how
 * long such jobs take. Shared work (batch, admission) is divided by the videos.
 *
 * Prints a table and writes bench/results/actions.json. `--lines` prints each action, `--jobs 5` and `--rows 10` run fewer,
 * `--only told` runs one case.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { caseNames, runCase, type CaseName, type CaseReport } from './actions/cases.ts';
import { actionLines, actionTable, perVideo } from './actions/table.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '20' },
    rows: { type: 'string', default: '50' },
    only: { type: 'string' },
    lines: { type: 'boolean', default: false },
  },
});
const [jobs, rows] = [Number(values.jobs), Number(values.rows)];
if (![jobs, rows].every((count) => Number.isInteger(count) && count > 0)) {
  throw new RangeError(`Cannot run --jobs "${values.jobs}" --rows "${values.rows}"`);
}
const names = caseNames.filter((name) => values.only === undefined || name === values.only);
if (names.length === 0) throw new RangeError(`--only is one of ${caseNames.join(', ')}`);

const reports = await Promise.all(names.map(runInFolder));
const cases = reports.map(({ name, videos, server, ...report }) => ({
  name,
  videos,
  ...perVideo({ name, videos, server, ...report }),
  server,
}));
const results = new URL('results/', import.meta.url);
await mkdir(results, { recursive: true });
const report = { at: new Date().toISOString(), node: process.version, cases };
await writeFile(new URL('actions.json', results), `${JSON.stringify(report, null, 2)}\n`);
if (values.lines) for (const one of reports) process.stdout.write(`${actionLines(one)}\n\n`);
process.stdout.write(`${actionTable(reports)}\n`);

async function runInFolder(name: CaseName): Promise<CaseReport> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-bench-'));
  try {
    return await runCase(name, { folder, videos: name.startsWith('batch') ? rows : jobs });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
