/** Summary of vitest's JSON report: counts, failed tests in a few lines each, and durations. */
import { relative } from 'node:path';

/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  numPassedTests?: number;
  testResults?: {
    /** Path of the test file. */
    name: string;
    status: string;
    /** Why the whole file failed (an import, a hook). Otherwise empty. */
    message?: string;
    assertionResults: {
      fullName: string;
      status: string;
      /** In milliseconds, without the hooks of the file. */
      duration?: number | null;
      failureMessages?: string[] | null;
      /** `missing`: what a skipped test did not find on this machine (test/support/need.ts). */
      meta?: { missing?: string };
    }[];
  }[];
}

export interface FailedTest {
  file: string;
  /** Absent if the whole file failed. */
  title?: string;
  messages: string[];
}

export interface TimedTest {
  file: string;
  title: string;
  durationMs: number;
}

export interface SuiteResult {
  passed: number;
  failed: FailedTest[];
  timed: TimedTest[];
  /** One line for each file and reason. */
  skipped: string[];
}

export const nothingRan: SuiteResult = { passed: 0, failed: [], timed: [], skipped: [] };

/** A suite that ended with an error but no failed test (a crash, a global setup) counts as one failure. */
export function readReport(report: VitestReport, exitCode: number): SuiteResult {
  const failed = (report.testResults ?? []).flatMap(failedIn);
  if (exitCode !== 0 && failed.length === 0) {
    failed.push({ file: 'vitest', messages: [`it ended with exit code ${exitCode}`] });
  }
  const timed = (report.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, duration }) => ({
      file: name,
      title: fullName,
      durationMs: duration ?? 0,
    })),
  );
  const skipped = (report.testResults ?? []).flatMap(skippedIn);
  return { passed: report.numPassedTests ?? 0, failed, timed, skipped };
}

/** One line each, the slowest first. */
export function slowest(tests: readonly TimedTest[], count: number): string[] {
  return tests
    .toSorted((one, other) => other.durationMs - one.durationMs)
    .slice(0, count)
    .map(({ file, title, durationMs }) => {
      const seconds = (durationMs / 1_000).toFixed(1).padStart(7);
      return `${seconds} s  ${relative(process.cwd(), file)} > ${title}`;
    });
}

function skippedIn(file: NonNullable<VitestReport['testResults']>[number]): string[] {
  const reasons = file.assertionResults.flatMap(({ meta }) => meta?.missing ?? []);
  return [...new Set(reasons)].map((reason) => {
    const count = reasons.filter((each) => each === reason).length;
    return `${count} of ${relative(process.cwd(), file.name)}: ${reason}`;
  });
}

function failedIn(file: NonNullable<VitestReport['testResults']>[number]): FailedTest[] {
  const tests = file.assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      file: file.name,
      title: fullName,
      messages: failureMessages ?? [],
    }));
  if (tests.length > 0 || file.status !== 'failed') return tests;
  return [{ file: file.name, messages: [file.message ?? ''] }];
}

/**
 * Messages of timeouts of vitest or our `until` helpers. Wrong results have other messages. `STACK_TRACE_ERROR` is what
 * vitest 4 writes to its JSON for its own timeouts: a stack without the message.
 */
const outOfTime =
  /^(Error: )?(STACK_TRACE_ERROR|(Test|Hook) timed out in \d+ ?ms|Waited (\d+ ms )?in vain for |Never reached: )/;

/** Whether a test only timed out, which a stalled machine can cause. */
export function ranOutOfTime({ messages }: FailedTest): boolean {
  return messages.length > 0 && messages.every((message) => outOfTime.test(message));
}

/** For the end of a log, of which a reader may only see the last lines. */
export function describeFailure({ file, title, messages }: FailedTest): string {
  const where = title === undefined ? file : `${file} > ${title}`;
  const lines = messages.flatMap((message) =>
    message
      .replace(/^Error: STACK_TRACE_ERROR/, 'Test or hook timed out')
      .split('\n')
      .filter((line) => !line.includes('node_modules'))
      .slice(0, 8),
  );
  return [where, ...lines.slice(0, 16).map((line) => `    ${line.slice(0, 300)}`)].join('\n');
}

/** Arguments of vitest that run only these tests. */
export function onlyThese(failed: readonly FailedTest[]): string[] {
  const files = [...new Set(failed.map(({ file }) => file))];
  const titles = failed.map(({ title }) => title);
  // A file that failed as a whole has no titles, so all tests of these files run again.
  if (titles.includes(undefined)) return files;
  const pattern = titles.map((title = '') => title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return [...files, '-t', `^(${pattern.join('|')})$`];
}
