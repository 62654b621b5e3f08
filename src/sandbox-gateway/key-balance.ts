import { json, type Answer } from './answer.ts';
import { initialBalance } from './ledger.ts';
import { settle, type Runtime } from './runtime.ts';

/** Answers `GET /api/usage/token/`: what the books say. */
export function answerBalance(runtime: Runtime): Answer {
  settle(runtime);
  const { balance } = runtime.store.state.ledger;
  const data = {
    expires_at: 0,
    model_blacklist: {},
    model_blacklist_enabled: false,
    model_limits: {},
    model_limits_enabled: false,
    name: 'sandbox',
    object: 'token_usage',
    total_available: balance,
    total_granted: initialBalance,
    total_used: initialBalance - balance,
    unlimited_quota: false,
  };
  return json(200, { code: true, data, message: 'ok' });
}
