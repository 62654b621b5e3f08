import { visibleText } from '../../contract/visible-text.ts';
import type { SpendOffer } from '../spending/spend-offers.ts';
import type { ApproveTexts } from './approve-texts.ts';
import { mediaWords } from './made-words.ts';

/** A fact about a request, for the person who permits it. */
export interface RequestFact {
  kind: 'media' | 'hosts' | 'fields' | 'tenant';
  name: string;
  values: string[];
}

/** What a person permits beside model, prompt, result and cost: the same in the question, on the page and in the terminal. */
export function requestFacts(
  { makes, shown, tenant }: Pick<SpendOffer, 'makes' | 'shown' | 'tenant'>,
  texts: ApproveTexts,
): RequestFact[] {
  const { fields = null, areFieldsCut = false, hosts = [] } = shown ?? {};
  const facts: RequestFact[] = [
    { kind: 'media', name: texts.media, values: makes ? mediaWords(makes, texts) : [] },
    { kind: 'hosts', name: texts.hosts, values: hosts },
    {
      kind: 'fields',
      name: texts.fields,
      values: fields === null ? [] : [fields, ...(areFieldsCut ? [texts.fieldsCut] : [])],
    },
    { kind: 'tenant', name: texts.tenant, values: [tenant] },
  ];
  return facts
    .filter(({ values }) => values.length > 0)
    .map((fact) => ({ ...fact, values: fact.values.map((each) => visibleText(each, '�')) }));
}
