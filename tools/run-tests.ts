/**
 * `npm test`: the suites one after another, each with two files at a time (vitest.config.ts). Ends with the minutes of
 * each suite, the ten slowest tests, each failed test and the line `N passed, N failed`, and exits 1 unless all passed.
 *
 * A test that only timed out runs once more, alone, because a shared machine may stall. It is always named at the end,
 * because the cause may be ours. A wrong result is never retried: one second POST in fifty runs is the kind of bug that
 * these tests must find.
 *
 * `npm run test:ci` adds the unit tests on the newest LTS of Node, the e2e files that take minutes each, a part of the
 * e2e suite on the production server, and a part with encrypted payloads. Parts that this machine cannot run are
 * skipped, with the reason; all others must pass.
 */
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UnavailableError } from '../deploy/postgres/unavailable.ts';
import { onlyInCi } from './e2e-files.ts';
import { ciParts, stands, suiteArguments, type Stand } from './e2e-stands.ts';
import { findNewestLts, newestLts } from './newest-lts.ts';
import { runVitest } from './run-vitest.ts';
import {
  describeFailure,
  nothingRan,
  onlyThese,
  ranOutOfTime,
  readReport,
  slowest,
  type SuiteResult,
  type VitestReport,
} from './test-report.ts';

const isCi = process.argv.includes('--ci');
const suites = {
  unit: ['--project', 'unit'],
  workflow: ['--project', 'workflow'],
  e2e: suiteArguments({ elsewhere: isCi ? [] : onlyInCi }),
};
/** CI has 90 minutes for all. */
const buildLimitMs = 15 * 60_000;

const onProgress = (line: string) => void process.stderr.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'onetake-tests-'));
const results: SuiteResult[] = [];
const skipped: string[] = [];
const secondTries: string[] = [];
const minutes: string[] = [];
const slowestCount = 10;
try {
  for (const [suite, args] of Object.entries(suites)) results.push(await runSuite(suite, args));
  if (isCi) {
    results.push(await orSkipped(`unit with Node ${newestLts}`, runUnitOnNewestLts));
    for (const name of ['codec', 'postgres'] as const) {
      results.push(await orSkipped(`e2e with ${name}`, () => runPart(name)));
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.flatMap((result) => result.failed);
skipped.push(...results.flatMap((result) => result.skipped));
const slow = slowest(
  results.flatMap(({ timed }) => timed),
  slowestCount,
);
process.stdout.write(`\nminutes: ${minutes.join(', ')}\n\nslowest:\n${slow.join('\n')}\n`);
for (const line of skipped) process.stdout.write(`\nskipped: ${line}\n`);
for (const line of secondTries)
  process.stdout.write(`\nran out of time, then tried again: ${line}\n`);
for (const test of failed) process.stdout.write(`\nfailed: ${describeFailure(test)}\n`);
process.stdout.write(`\n${passed} passed, ${failed.length} failed\n`);
process.exitCode = failed.length === 0 && passed > 0 ? 0 : 1;

/** An environment that does not start, although its parts are available, counts as one failure. */
async function orSkipped(what: string, run: () => Promise<SuiteResult>): Promise<SuiteResult> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UnavailableError) {
      skipped.push(`${what}: ${error.message.replaceAll(/\s+/g, ' ')}`);
      return nothingRan;
    }
    const message = error instanceof Error ? error.message : String(error);
    return { ...nothingRan, failed: [{ file: what, messages: [message] }] };
  }
}

/** The tests also start `node` by name. */
async function runUnitOnNewestLts(): Promise<SuiteResult> {
  const node = await findNewestLts({ env: process.env, onProgress });
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(node, join(bin, 'node'));
  const PATH = [bin, process.env['PATH'] ?? ''].join(delimiter);
  return runSuite('unit-newest-lts', suites.unit, { env: { PATH }, node });
}

async function runPart(name: keyof typeof stands): Promise<SuiteResult> {
  const stand = await stands[name]({ env: process.env, onProgress, buildLimitMs });
  try {
    return await runOnStand(name, stand);
  } finally {
    await stand.stop();
  }
}

function runOnStand(name: keyof typeof stands, stand: Stand): Promise<SuiteResult> {
  const files = ciParts[name].map((file) => `test/e2e/${file}.test.ts`);
  return runSuite(`e2e-${name}`, [...suiteArguments(stand), ...files], { env: stand.env });
}

interface SuiteOptions {
  env?: Record<string, string>;
  node?: string;
}

async function runSuite(
  name: string,
  args: readonly string[],
  options: SuiteOptions = {},
): Promise<SuiteResult> {
  const first = await runOnce(name, args, options);
  const late = first.failed.filter(ranOutOfTime);
  if (late.length === 0) return first;
  secondTries.push(...late.map(describeFailure));
  const again = await runOnce(`${name}-again`, [...args, ...onlyThese(late)], options);
  const wrong = first.failed.filter((test) => !ranOutOfTime(test));
  const failed = [...wrong, ...again.failed];
  const { timed, skipped } = first;
  return { passed: first.passed + again.passed, failed, timed, skipped };
}

async function runOnce(
  name: string,
  args: readonly string[],
  { env = {}, node }: SuiteOptions,
): Promise<SuiteResult> {
  const report = join(folder, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const startedMs = performance.now();
  const exitCode = await runVitest([...args, ...reporters], {
    env: { ...process.env, ...env },
    ...(node !== undefined && { node }),
  });
  minutes.push(`${name} ${((performance.now() - startedMs) / 60_000).toFixed(1)}`);
  const text = await readFile(report, 'utf8').catch(() => '{}');
  return readReport(JSON.parse(text) as VitestReport, exitCode);
}
