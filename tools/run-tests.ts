/**
 * `npm test`: the suites one after another, since two cores under two suites make timeouts lie. Ends with the line
 * `N passed, N failed`, and exits 1 unless all passed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const suites = ['unit', 'workflow', 'e2e'];
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

interface Count {
  passed: number;
  failed: number;
}

const folder = await mkdtemp(join(tmpdir(), 'onetake-tests-'));
const counts: Count[] = [];
try {
  for (const suite of suites) counts.push(await runSuite(suite));
} finally {
  await rm(folder, { recursive: true, force: true });
}
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

async function runSuite(suite: string): Promise<Count> {
  const report = join(folder, `${suite}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const exitCode = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, [vitest, 'run', '--project', suite, ...reporters], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
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
