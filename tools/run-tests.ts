/**
 * `npm test`: the suites one after another, since two cores under two suites make timeouts lie. Ends with the line
 * `N passed, N failed`, and exits 1 unless all passed.
 *
 * `npm run test:ci` adds the unit tests on the newest LTS of Node, the e2e files that take minutes each, a part of the e2e suite on the server that
 * production has, and a part with all payloads encrypted. What this machine cannot have is skipped, with its reason; what it has must pass.
 */
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UnavailableError } from '../deploy/postgres/unavailable.ts';
import { ciParts, onlyInCi, stands, suiteArguments, type Stand } from './e2e-stands.ts';
import { findNewestLts, newestLts } from './newest-lts.ts';
import { runVitest } from './run-vitest.ts';

const isCi = process.argv.includes('--ci');
const suites = {
  unit: ['--project', 'unit'],
  workflow: ['--project', 'workflow'],
  e2e: suiteArguments({ elsewhere: isCi ? [] : onlyInCi }),
};
/** CI has 90 minutes for all. */
const buildLimitMs = 15 * 60_000;

interface Count {
  passed: number;
  failed: number;
}

const onProgress = (line: string) => void process.stderr.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'onetake-tests-'));
const counts: Count[] = [];
const skipped: string[] = [];
try {
  for (const [suite, args] of Object.entries(suites)) counts.push(await runSuite(suite, args));
  if (isCi) {
    counts.push(await orSkipped(`unit with Node ${newestLts}`, runUnitOnNewestLts));
    for (const name of ['codec', 'postgres'] as const) {
      counts.push(await orSkipped(`e2e with ${name}`, () => runPart(name)));
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
for (const line of skipped) process.stdout.write(`\nskipped: ${line}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** What does not come up, though all of its parts are there, counts as one failure. */
async function orSkipped(what: string, run: () => Promise<Count>): Promise<Count> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UnavailableError) {
      skipped.push(`${what}: ${error.message.replaceAll(/\s+/g, ' ')}`);
      return { passed: 0, failed: 0 };
    }
    onProgress(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1 };
  }
}

/** The tests start `node` by name as well. */
async function runUnitOnNewestLts(): Promise<Count> {
  const node = await findNewestLts({ env: process.env, onProgress });
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(node, join(bin, 'node'));
  const PATH = [bin, process.env['PATH'] ?? ''].join(delimiter);
  return runSuite('unit-newest-lts', suites.unit, { env: { PATH }, node });
}

async function runPart(name: keyof typeof stands): Promise<Count> {
  const stand = await stands[name]({ env: process.env, onProgress, buildLimitMs });
  try {
    return await runOnStand(name, stand);
  } finally {
    await stand.stop();
  }
}

function runOnStand(name: keyof typeof stands, stand: Stand): Promise<Count> {
  const files = ciParts[name].map((file) => `test/e2e/${file}.test.ts`);
  return runSuite(`e2e-${name}`, [...suiteArguments(stand), ...files], { env: stand.env });
}

async function runSuite(
  name: string,
  args: readonly string[],
  { env = {}, node }: { env?: Record<string, string>; node?: string } = {},
): Promise<Count> {
  const report = join(folder, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const exitCode = await runVitest([...args, ...reporters], {
    env: { ...process.env, ...env },
    ...(node !== undefined && { node }),
  });
  return countIn(report, exitCode);
}

/** A suite that failed without a failed test (a setup, a crash) still counts as one failure. */
async function countIn(report: string, exitCode: number): Promise<Count> {
  const text = await readFile(report, 'utf8').catch(() => '{}');
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(text) as {
    numPassedTests?: number;
    numFailedTests?: number;
  };
  return { passed: numPassedTests, failed: exitCode === 0 ? 0 : Math.max(1, numFailedTests) };
}
