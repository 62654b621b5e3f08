import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  describeFailure,
  onlyThese,
  ranOutOfTime,
  readReport,
  slowest,
} from '../../tools/test-report.ts';

const failing = (fullName: string, ...failureMessages: string[]) => ({
  fullName,
  status: 'failed',
  failureMessages,
});

test('each failed test is named with its file and its message', () => {
  const { passed, failed } = readReport(
    {
      numPassedTests: 2,
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [
            failing('law a', 'AssertionError: expected 2 to be 1\n    at here'),
            { fullName: 'law b', status: 'passed' },
          ],
        },
      ],
    },
    1,
  );
  expect(passed).toBe(2);
  expect(failed.map(describeFailure)).toEqual([
    'a.test.ts > law a\n    AssertionError: expected 2 to be 1\n        at here',
  ]);
});

test('a file that failed before its tests, and a suite that crashed, count as one failure each', () => {
  const broken = {
    name: 'a.test.ts',
    status: 'failed',
    message: 'no such module',
    assertionResults: [],
  };
  expect(readReport({ testResults: [broken] }, 1).failed).toEqual([
    { file: 'a.test.ts', messages: ['no such module'] },
  ]);
  expect(readReport({}, 7).failed).toEqual([
    { file: 'vitest', messages: ['it ended with exit code 7'] },
  ]);
  expect(readReport({ numPassedTests: 1 }, 0)).toEqual({
    passed: 1,
    failed: [],
    timed: [],
    skipped: [],
  });
});

test.each([
  'Error: Test timed out in 120000ms.\nIf this is a long-running test',
  'Error: STACK_TRACE_ERROR\n    at task',
  'Hook timed out in 1000 ms',
  'Error: Waited 60000 ms in vain for phase stored\n    at until',
  'Error: Never reached: {"phase":"waiting"}',
])('%s: it ran out of time', (message) => {
  expect(ranOutOfTime({ file: 'a', title: 'law', messages: [message] })).toBe(true);
});

test.each([
  [['AssertionError: expected 2 POSTs to be 1']],
  [['Error: Test timed out in 5000ms', 'AssertionError: expected 2 to be 1']],
  [['AssertionError: expected "Test timed out in 5000ms" to be ""']],
  [[]],
])('%j: something was wrong, so it is never tried again', (messages) => {
  expect(ranOutOfTime({ file: 'a', title: 'law', messages })).toBe(false);
});

test('only these tests run again, by their whole titles', () => {
  expect(
    onlyThese([
      { file: 'a.test.ts', title: 'waits (twice)', messages: [] },
      { file: 'a.test.ts', title: 'b', messages: [] },
    ]),
  ).toEqual(['a.test.ts', '-t', '^(waits \\(twice\\)|b)$']);
  expect(onlyThese([{ file: 'a.test.ts', messages: [] }])).toEqual(['a.test.ts']);
});

test('the slowest tests are listed first, by file and title', () => {
  const timed = (fullName: string, duration: number) => ({ fullName, status: 'passed', duration });
  const name = join(process.cwd(), 'test/a.test.ts');
  const assertionResults = [timed('quick', 20), timed('slow', 65_440), timed('slower', 120_000)];
  const report = { testResults: [{ name, status: 'passed', assertionResults }] };
  expect(slowest(readReport(report, 0).timed, 2)).toEqual([
    '  120.0 s  test/a.test.ts > slower',
    '   65.4 s  test/a.test.ts > slow',
  ]);
});

test('skipped tests are counted by file and reason, if they say what they did not find', () => {
  const skipped = (missing?: string) => ({
    fullName: 'law',
    status: 'skipped',
    meta: missing === undefined ? {} : { missing },
  });
  const name = join(process.cwd(), 'test/a.test.ts');
  const assertionResults = [skipped('no Python'), skipped(), skipped('no Python')];
  const report = { testResults: [{ name, status: 'passed', assertionResults }] };
  expect(readReport(report, 0).skipped).toEqual(['2 of test/a.test.ts: no Python']);
});
