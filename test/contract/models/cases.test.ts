import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluateRequest, type Evaluation } from '../../../src/contract/models/evaluate-request.ts';
import { expectedMakes, ofMakes, type Sent } from './expected-makes.ts';

interface Case {
  id: string;
  format: 'videos' | 'generations';
  body: { model: string };
  expect: {
    outcome: 'refused' | 'changed' | 'dropped' | 'depends' | 'fine';
    field: string;
    effect: string;
  };
  byPlugin: Record<
    string,
    { accepted: boolean; sent?: Sent; charged?: { seconds?: number; resolution?: string } }
  >;
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/models/cases.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

/** Cases whose finding cannot be told from the request alone. */
const conditional: Record<string, { field: string; effect: string; why: string }> = {
  'xm-32': {
    field: 'ratio',
    effect: 'depends',
    why: 'It is refused only where the channel maps the name to one variant, which no client can see.',
  },
};

/**
 * Cases that look at sdgo-video alone, while two more plugins can serve the name. Of the name as such, what sdgo-video
 * refuses or changes depends on the channel.
 */
const ofOnePlugin = cases.filter(({ id }) => id.startsWith('sd-')).map(({ id }) => id);

test('there are 116 cases', () => {
  expect(cases).toHaveLength(116);
});

describe('with the plugins that a case names', () => {
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
  test.each(rows)('$id: $plugin takes and makes what the case says', (row) => {
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

function outcomeAt(field: string, { refusals, warnings }: Evaluation): string {
  if (refusals.some((each) => each.field === field)) return 'refused';
  return warnings.find((each) => each.field === field)?.effect ?? 'fine';
}
