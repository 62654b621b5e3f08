import { json, type Answer } from './answer.ts';
import { chooseFor } from './scenarios/choose-scenario.ts';
import type { Job } from './job.ts';
import { initialBalance } from './call-ledger.ts';
import { scenarioTexts, settle, type Runtime } from './runtime.ts';

/** Handles `GET /api/usage/token/`: quota and usage. */
export function answerBalance(runtime: Runtime): Answer {
  settle(runtime);
  const { ledger } = runtime.store.state;
  const balance = keyIsSpent(runtime) ? 0 : ledger.balance;
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

/** Whether a job has used the last quota of the API key. */
export function keyIsSpent(runtime: Runtime): boolean {
  return runtime.store.state.jobs.some((job) => spendsKey(runtime, job));
}

function spendsKey(runtime: Runtime, job: Job): boolean {
  const chosen = chooseFor('poll', scenarioTexts(runtime, job));
  if (chosen?.scenario.spendsKey !== true) return false;
  const count = runtime.store.state.counts[`poll|${chosen.scenario.name}|${job.id}`] ?? 0;
  return count < chosen.times;
}
