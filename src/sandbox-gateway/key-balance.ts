import { json, type Answer } from './answer.ts';
import { chooseFor } from './choose-scenario.ts';
import type { Exchange } from './exchange.ts';
import { initialBalance } from './ledger.ts';
import { latestTexts, settle, type Runtime } from './runtime.ts';
import type { KeyUsage } from './scenario.ts';

/** Answers `GET /api/usage/token/`: what the books say, and what a scenario put beside them. */
export function answerBalance(runtime: Runtime, exchange: Exchange): Answer {
  settle(runtime);
  const usage = (changes: Partial<KeyUsage['data']> = {}): KeyUsage => usageOf(runtime, changes);
  const chosen = chooseFor('balance', latestTexts(runtime, exchange));
  const played = chosen?.scenario.answer?.({ variant: chosen.variant, usage });
  return played ?? json(200, usage());
}

/** Books what the balance scenario of a create does to the readings that come after it; the ledger stays true. */
export function bookCreate(
  runtime: Runtime,
  { texts, price, paid }: { texts: string[]; price: number; paid: boolean },
): void {
  const chosen = chooseFor('balance', texts);
  if (chosen === null) return;
  const { scenario, variant, value } = chosen;
  const booked = scenario.books?.({ variant, value, price, paid });
  if (booked) runtime.store.state.adjustments.push({ at: runtime.clock.now(), ...booked });
}

function usageOf(
  { store: { state }, clock }: Runtime,
  changes: Partial<KeyUsage['data']>,
): KeyUsage {
  const shown = state.adjustments
    .filter(({ at, lastsMs = Infinity }) => clock.since(at) < lastsMs)
    .reduce((balance, { amount }) => balance + amount, state.ledger.balance);
  const data = {
    expires_at: 0,
    model_blacklist: {},
    model_blacklist_enabled: false,
    model_limits: {},
    model_limits_enabled: false,
    name: 'sandbox',
    object: 'token_usage',
    total_available: shown,
    total_granted: initialBalance,
    total_used: initialBalance - shown,
    unlimited_quota: false,
  };
  return { code: true, data: { ...data, ...changes }, message: 'ok' };
}
