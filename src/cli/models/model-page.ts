import { onSale } from '../../contract/models/catalog.ts';
import type { ModelFacts } from './model-facts.ts';
import { safeBody, trapsOf, type Body, type Trap } from '../video/safe-body.ts';

/** One model, with what a person must know to send a request that holds. */
export interface ModelPage extends ModelFacts {
  /** A body in which every plugin of the name reads the same. */
  safeBody: Body;
  traps: Trap[];
  /** What is known beside the numbers. */
  note?: string;
  /** Why it is not known whether the API key may use it. */
  notAsked?: string;
}

export function modelPage(facts: ModelFacts, { reason }: { reason?: string }): ModelPage {
  const note = onSale(facts.id)?.note;
  return {
    ...facts,
    safeBody: safeBody(facts.id),
    traps: trapsOf(facts.id),
    ...(note !== undefined && { note }),
    ...(reason !== undefined && { notAsked: reason }),
  };
}
