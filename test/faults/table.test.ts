import { expect, test } from 'vitest';
import { scenarios } from '../../src/sandbox-gateway/scenarios/scenarios.ts';
import { parseScenarios } from '../../src/sandbox-gateway/scenarios/choose-scenario.ts';
import { titleOf } from './fault-row.ts';
import { faultTable } from './table.ts';

test('the fault table contains every scenario of the sandbox gateway except for downloads and callbacks', () => {
  const inTable = new Set(
    faultTable.flatMap(({ scenario }) => parseScenarios(scenario).map((one) => one.scenario.name)),
  );
  const known = scenarios.filter(({ phase }) => phase !== 'download' && phase !== 'callback');
  expect(known.map(({ name }) => name).filter((name) => !inTable.has(name))).toEqual([]);
});

test('a row names a scenario as the sandbox gateway parses it, with its number', () => {
  const last = faultTable.map(
    ({ scenario }) => parseScenarios(scenario).at(-1)?.scenario.number ?? scenario,
  );
  expect(last).toEqual(faultTable.map(({ number }) => number));
});

test('no two rows have the same title', () => {
  const titles = faultTable.map(titleOf);
  expect(titles.filter((title, nth) => titles.indexOf(title) !== nth)).toEqual([]);
});
