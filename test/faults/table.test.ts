import { expect, test } from 'vitest';
import { scenarios } from '../../src/sandbox-gateway/scenarios.ts';
import { parseScenarios } from '../../src/sandbox-gateway/choose-scenario.ts';
import { titleOf } from './fault-row.ts';
import { faultTable } from './table.ts';

test('the fault table holds every submit and poll scenario of the sandbox gateway', () => {
  const inTable = new Set(faultTable.map(({ scenario }) => scenario.split('=')[0]));
  const known = scenarios.filter(({ phase }) => phase === 'submit' || phase === 'poll');
  expect(known.map(({ name }) => name).filter((name) => !inTable.has(name))).toEqual([]);
});

test('a row names a scenario as the sandbox gateway reads it, with its number', () => {
  const numbers = faultTable.map(({ scenario }) =>
    parseScenarios(scenario).map((chosen) => chosen.scenario.number),
  );
  expect(numbers).toEqual(faultTable.map(({ number }) => [number]));
});

test('no two rows have the same title', () => {
  const titles = faultTable.map(titleOf);
  expect(titles.filter((title, nth) => titles.indexOf(title) !== nth)).toEqual([]);
});
