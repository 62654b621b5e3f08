import { readFileSync } from 'node:fs';
import type { Evaluation } from '../../../src/contract/models/evaluate-request.ts';
import type { Sent } from './expected-makes.ts';

/** A request, and the expected finding. */
export interface Case {
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

const { cases: collected } = JSON.parse(
  readFileSync(new URL('../../fixtures/models/cases.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const hasCallback = ({ body }: Case) => 'callback_url' in body;

export const cases = collected.filter((each) => !hasCallback(each));

/** What the gateway does with a field that onetake does not send. */
export const callbackCases = collected.filter(hasCallback);

/** Cases whose finding does not follow from the request alone. */
export const conditional: Record<string, { field: string; effect: string; why: string }> = {
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
export const ofOnePlugin = cases.filter(({ id }) => id.startsWith('sd-')).map(({ id }) => id);

/** The finding for the field of a case. */
export function outcomeAt(
  field: string,
  { refusals, warnings }: Pick<Evaluation, 'refusals' | 'warnings'>,
): string {
  if (refusals.some((each) => each.field === field)) return 'refused';
  return warnings.find((each) => each.field === field)?.effect ?? 'fine';
}
