import { expect, test } from 'vitest';
import { barChart, meter } from '../../src/studio/components/charts.ts';

const words = { id: 'c', title: 'Jobs <a>', description: 'Most on "Monday"', highest: 'at most 4' };
const bar = (value: number, maybe = 0) => ({ label: 'x', value, maybe, text: `<${value}>` });

test('a chart is a picture with a title and a description, and its texts are escaped', async () => {
  const chart = String(await barChart([bar(1)], words));
  expect(chart).toMatch(/role="img"\s+aria-labelledby="c-title c-text"/);
  expect(chart).toContain('<title id="c-title">Jobs &lt;a&gt;</title>');
  expect(chart).toContain('<desc id="c-text">Most on &quot;Monday&quot;</desc>');
  expect(chart).toContain('<title>&lt;1&gt;</title>');
  expect(chart).not.toContain('style=');
});

test('the highest bar fills the chart, the others are in proportion, and no bar is drawn for zero', async () => {
  const chart = String(await barChart([bar(4), bar(1, 1), bar(0)], words));
  const heights = [...chart.matchAll(/class="bar( maybe)?"[^>]*height="([\d.]+)"/g)].map(
    ([, , height]) => Number(height),
  );
  expect(heights).toEqual([39, 9.75, 9.75]);
});

test('a chart without any value, or without a bar, has no impossible number', async () => {
  for (const bars of [[], [bar(0), bar(0)]]) {
    expect(String(await barChart(bars, words))).not.toMatch(/NaN|Infinity/);
  }
});

test.each([
  [1, 10, 'used ', '10'],
  [8, 10, 'used near', '80'],
  [12, 10, 'used over', '100'],
  [0, 0, 'used over', '100'],
])('a meter of %i of %i is %s', async (used, most, state, width) => {
  const text = String(await meter('1 of "10"', { used, most }));
  expect(text).toContain(`class="${state}"`);
  expect(text).toContain(`width="${width}"`);
  expect(text).toContain('aria-label="1 of &quot;10&quot;"');
});
