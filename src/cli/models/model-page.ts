import { onSale } from '../../contract/models/catalog.ts';
import type { ModelFacts } from '../../contract/models/model-facts.ts';
import { safeBody, trapsOf, type Body, type Trap } from '../video/safe-body.ts';

/** The page of one model: facts, a valid body and common mistakes. */
export interface ModelPage extends ModelFacts {
  /** A body that all plugins of the model read alike. */
  safeBody: Body;
  traps: Trap[];
  /** Remarks of the catalogue. */
  note?: string;
  /** Why it is unknown whether the API key may use it. */
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
