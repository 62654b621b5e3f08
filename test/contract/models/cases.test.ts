import { describe, expect, test } from 'vitest';
import { evaluateRequest } from '../../../src/contract/models/evaluate-request.ts';
import { callbackCases, cases, conditional, ofOnePlugin, outcomeAt } from './cases.ts';
import { expectedMakes, ofMakes } from './expected-makes.ts';

test('the 116 collected cases exist, and any that were added', () => {
  expect(cases.length + callbackCases.length).toBeGreaterThanOrEqual(116);
});

test.each(callbackCases)(
  '$id: a callback_url is not sent, so no plugin refuses or drops it',
  ({ format, body }) => {
    const evaluation = evaluateRequest({ format, body });
    expect(evaluation.refusals).toEqual([]);
    expect(outcomeAt('callback_url', evaluation)).toBe('changed');
  },
);

describe('with the plugins that the case names', () => {
  test.each(cases)('$id: $expect.field is $expect.outcome', ({ id, format, body, ...rest }) => {
    const plugins = Object.keys(rest.byPlugin);
    const evaluation = evaluateRequest({ format, body }, { plugins });
    const expected = conditional[id] ?? { field: rest.expect.field, effect: rest.expect.outcome };
    expect(outcomeAt(expected.field, evaluation)).toBe(expected.effect);
    if (expected.effect === 'fine') expect(evaluation.warnings).toEqual([]);
  });
});

describe('of each plugin that a case names', () => {
  const rows = cases.flatMap((each) =>
    Object.entries(each.byPlugin).map(([plugin, found]) => ({ ...each, plugin, found })),
  );
  test.each(rows)('$id: $plugin accepts and makes what the case says', (row) => {
    const { id, format, body, plugin, found } = row;
    const { makes, refusals, warnings, cost } = evaluateRequest(
      { format, body },
      { plugins: [plugin] },
    );
    if (id in conditional) return;
    expect(refusals.length === 0).toBe(found.accepted);
    if (!found.accepted) return;
    const expected = expectedMakes(found.sent ?? {});
    expect(ofMakes(makes, expected)).toEqual(expected.makes);
    const fields = warnings.map(({ field }) => field.replace(/^metadata\./, ''));
    expect(fields).toEqual(expect.arrayContaining(expected.absent));
    const dropped = warnings.filter(({ effect }) => effect === 'dropped');
    expect(dropped.map(({ field }) => field)).not.toEqual(
      expect.arrayContaining(expected.sent.length > 0 ? expected.sent : ['nothing']),
    );
    if (found.charged?.seconds !== undefined) expect(cost.seconds).toBe(found.charged.seconds);
    if (found.charged?.resolution) expect(makes.resolution).toBe(found.charged.resolution);
  });
});

describe('of a name with all plugins that can serve it', () => {
  test.each(cases)('$id', ({ id, format, body, expect: { field, outcome } }) => {
    const found = outcomeAt(field, evaluateRequest({ format, body }));
    const isOfOne = ofOnePlugin.includes(id);
    expect(found).toBe(conditional[id]?.effect ?? (isOfOne ? 'depends' : outcome));
  });
});
