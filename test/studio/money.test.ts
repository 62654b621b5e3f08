import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { moneyText } from '../../src/studio/components/money.ts';

test.each([
  [0, '0'],
  [0.1 + 0.2, '0.3'],
  [0.00003, '0.00003'],
  [0.000_000_03, '0.00000003'],
  [1_234.5, '1,234.5'],
  [12.345_678_9, '12.345679'],
])('an amount of %s is shown as "%s"', (money, shown) => {
  expect(moneyText(money)).toBe(shown);
});

test('no other file of the studio has a format of money', async () => {
  const folder = new URL('../../src/studio/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const others: string[] = [];
  for (const name of files) {
    const text = await readFile(new URL(name, folder), 'utf8');
    if (/toFixed\((4|6)\)|maximumFractionDigits/.test(text)) others.push(name);
  }
  expect(others).toEqual(['components/money.ts']);
});
