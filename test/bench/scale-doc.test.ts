import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { costPerThousand, figuresFor, inputs, pollersOf } from '../../bench/scale/figures.ts';
import { scaleDoc, scaleDocPath } from '../../tools/write-scale-doc.ts';

test('docs/scale.md is what its tool writes: run npx tsx tools/write-scale-doc.ts', async () => {
  expect(await readFile(scaleDocPath, 'utf8')).toBe(scaleDoc());
});

test.each(Object.entries(inputs))(
  '%s has a value, and says where it comes from',
  (_name, figure) => {
    expect(figure.value).toBeGreaterThan(0);
    expect(figure.how).not.toBe('');
  },
);

test('a measured figure names the command that measures it, and a cited one its page', () => {
  for (const { source, how } of Object.values(inputs)) {
    if (source === 'measured') expect(how).toMatch(/`npm run bench:\w+`/);
    if (source === 'cited') expect(how).toMatch(/\]\(/);
  }
});

test('ten times the videos need ten times the actions, and never fewer shards, workers or accounts', () => {
  const [few, many] = [figuresFor(10_000), figuresFor(100_000)];
  expect(many.actions.value).toBeCloseTo(10 * few.actions.value);
  for (const key of ['shards', 'workers', 'accounts'] as const) {
    expect(many[key].value).toBeGreaterThanOrEqual(few[key].value);
  }
});

test('an account never has more jobs at once than its admission grants', () => {
  const { jobs, accounts } = figuresFor(1_000_000);
  expect(jobs.value / accounts.value).toBeLessThanOrEqual(inputs.slotsPerAccount.value);
});

test('the price of 1,000 videos is that of their actions, and the polls of many workers fit a namespace', () => {
  expect(costPerThousand({ ...inputs.toldActions, value: 20 }).value).toBe(1);
  expect(pollersOf(200).polls.value).toBeLessThanOrEqual(inputs.pollersPerNamespace.value);
});
