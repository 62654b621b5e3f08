/**
 * `npm run faults`: runs the fault table with its own server, sandbox gateway and workers, and prints the matrix; for
 * downloads with requests and received bytes, in lengths of the file. Exits with 1 on any deviation. `--only <text>`
 * runs the rows with that text in their titles; `--peers` compares four faults with public SDKs instead.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTemporalServer } from '../src/dev/temporal-server.ts';
import { titleOf, type FaultRow } from '../test/faults/fault-row.ts';
import { comparePeers } from '../test/faults/peers.ts';
import { runTable, type Play } from '../test/faults/run-table.ts';
import { deviations } from '../test/faults/run-row.ts';
import { faultTable } from '../test/faults/table.ts';
import { videoSearchAttributes } from '../test/support/video-search-attributes.ts';

const widths = [2, 84, 5, 4, 9, 31, 6, 8, 6];

try {
  const { peers, only } = readOptions();
  process.exitCode = await withServer((address) =>
    peers ? printPeers(address) : printMatrix(address, only),
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function readOptions(): { peers: boolean; only: string } {
  const { values } = parseArgs({
    options: { peers: { type: 'boolean' }, only: { type: 'string' } },
  });
  return { peers: values.peers ?? false, only: values.only ?? '' };
}

async function withServer(run: (address: string) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-faults-'));
  const server = await startTemporalServer({
    databaseFile: join(folder, 'temporal.db'),
    searchAttributes: videoSearchAttributes,
    ui: false,
  });
  try {
    return await run(server.address);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function printMatrix(address: string, only: string): Promise<number> {
  const rows = faultTable.filter((row) => titleOf(row).includes(only));
  if (rows.length === 0) throw new RangeError(`No row has "${only}" in its title`);
  const startedAt = performance.now();
  const fetched = ['requests', 'files'];
  printLine(['', 'scenario', 'POSTs', 'paid', 'delivered', 'phase', 'billed', ...fetched]);
  await using play = await runTable(rows, { address });
  let deviating = 0;
  for (const row of rows) if (!(await printRow(play, row))) deviating += 1;
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  say(`\n${rows.length} rows, ${deviating} deviating, ${seconds} s`);
  return deviating === 0 ? 0 : 1;
}

/** False if the row deviates. */
async function printRow(play: Play, row: FaultRow): Promise<boolean> {
  try {
    const seen = await play.seen(row);
    const wrong = deviations(row, seen);
    const { posts, paid, delivered, outcome, kind, billed, fetch } = seen;
    const phase = kind === undefined ? outcome : `${outcome} ${kind}`;
    const mark = wrong.length === 0 ? '✓' : '✗';
    const fetched = row.fetch ? [fetch.requests, fetch.files] : [];
    const cells = [titleOf(row), posts, paid, delivered ? 'yes' : 'no', phase, billed, ...fetched];
    printLine([mark, ...cells]);
    for (const line of wrong) say(`     ${line}`);
    return wrong.length === 0;
  } catch (error) {
    printLine(['✗', titleOf(row)]);
    say(`     ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function printPeers(address: string): Promise<number> {
  const { table, wrong } = await comparePeers(address, (line) => process.stderr.write(`${line}\n`));
  say(table);
  for (const line of wrong) say(`✗ onetake, ${line}`);
  return wrong.length === 0 ? 0 : 1;
}

function printLine(cells: (string | number)[]): void {
  const padded = cells.map((cell, nth) => String(cell).padEnd(widths[nth] ?? 0));
  say(padded.join(' ').trimEnd());
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
