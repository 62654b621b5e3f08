import { createHmac, randomUUID } from 'node:crypto';
import type { Answer } from './answer.ts';
import type { CreateRequest } from './create-request.ts';
import { taskError } from './errors.ts';
import type { Job } from './job.ts';
import { beatMs, isFinished } from './life.ts';
import { rowOf, untilEnd, type Runtime } from './runtime.ts';
import { chooseFor } from './scenarios/choose-scenario.ts';
import type { CallbackPlan } from './scenarios/scenario.ts';
import { isPluginModel, pluginModel } from './vendors/plugin-models.ts';

/** As at the host, in gateway milliseconds: 15 s for each of 8 tries, 10 s between the first two, then twice as long. */
const tryMs = 15_000;
/** In real milliseconds, so that a fast gateway does not give up a response that a busy machine is late with. */
const leastTryMs = 2_000;
const tries = 8;
const firstWaitMs = 10_000;
const longestWaitMs = 900_000;

/** The `callback_url` of a request, if the host makes the callback of its model. Hosts without plugins make none. */
export function callbackOf(
  { body, model }: CreateRequest,
  { generation }: Pick<Runtime, 'generation'>,
): string | undefined {
  const url = body['callback_url'];
  if (generation !== 'plugins' || typeof url !== 'string' || url === '') return undefined;
  const isDropped = isPluginModel(model) && pluginModel(model).plugin !== 'veo';
  return isDropped ? undefined : url;
}

/** The refusal of a submit because of its callback, or null. */
export function refusedCallback({ body }: CreateRequest, texts: string[]): Answer | null {
  const chosen = chooseFor('callback', texts);
  if (chosen?.scenario.refuses !== true || body['callback_url'] === undefined) return null;
  return chosen.variant === 'plugin'
    ? taskError(400, 'plugin_request_invalid', 'callback_url is not supported; poll the task')
    : taskError(400, 'invalid_callback_url', 'callback_url must be a public https address');
}

/** Calls back when a job has ended, in the background. A restarted gateway calls for jobs that were not called for. */
export function startCallback(runtime: Runtime, job: Job): void {
  if (job.callbackUrl === undefined || job.calledBack === true) return;
  void callBack(runtime, job).catch(() => {});
}

interface Call {
  url: string;
  plan: CallbackPlan;
}

async function callBack(runtime: Runtime, job: Job): Promise<void> {
  const { clock, store } = runtime;
  const chosen = chooseFor('callback', [job.scenario, store.state.scenario]);
  const plan = chosen?.scenario.plan(chosen) ?? {};
  const call = { url: job.callbackUrl ?? '', plan };
  while (!isFinished(rowOf(runtime, job))) {
    if (clock.stopped()) return;
    for (let count = 0; count < (plan.perBeat ?? 0); count += 1) {
      void post(runtime, job, { ...call, event: progressEvent(job, plan) });
    }
    const toBeatMs = beatMs - (clock.since(job.submittedAt) % beatMs);
    const toEndMs = untilEnd(runtime, job);
    await clock.sleep(toEndMs > 0 ? Math.min(toBeatMs, toEndMs) : toBeatMs);
  }
  await clock.sleep(plan.lateMs ?? 0);
  const event = finalEvent(runtime, job);
  const copies = Array.from({ length: plan.copies ?? 1 }, () =>
    untilTaken(runtime, job, { ...call, event }),
  );
  await Promise.all(copies);
  if (clock.stopped()) return;
  job.calledBack = true;
  store.saveSoon();
}

interface CallbackEvent {
  id: string;
  type: string;
  created_at: number;
  data: Record<string, unknown>;
}

function progressEvent(job: Job, { saysFinal }: CallbackPlan): CallbackEvent {
  const type = saysFinal === true ? 'video.completed' : 'video.processing';
  const status = saysFinal === true ? 'completed' : 'in_progress';
  const data = { task_id: job.id, model: job.model, status, progress: '30%' };
  return { id: `evt_${job.id}_${randomUUID()}`, type, created_at: seconds(Date.now()), data };
}

function finalEvent(runtime: Runtime, job: Job): CallbackEvent {
  const row = rowOf(runtime, job);
  const succeeded = row.status === 'SUCCESS';
  const word = succeeded ? 'completed' : 'failed';
  const finishedAt = seconds(row.finishedAt ?? runtime.clock.now());
  return {
    id: `evt_${job.id}_${word}`,
    type: `video.${word}`,
    created_at: finishedAt,
    data: {
      task_id: job.id,
      model: job.model,
      status: word,
      progress: '100%',
      ...(succeeded
        ? { output_url: `${runtime.origins.media}/callback.mp4?signature=of-the-callback` }
        : { error: { code: row.errorCode ?? '', message: row.reason } }),
      created_at: seconds(job.submittedAt),
      completed_at: finishedAt,
    },
  };
}

async function untilTaken(
  runtime: Runtime,
  job: Job,
  call: Call & { event: CallbackEvent },
): Promise<void> {
  let waitMs = firstWaitMs;
  for (let attempt = 1; attempt <= tries && !runtime.clock.stopped(); attempt += 1) {
    const status = await post(runtime, job, call);
    if (status >= 200 && status <= 299) return;
    await runtime.clock.sleep(waitMs);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

/** One try; status 0 if there was no response. */
async function post(
  { apiKey, clock, store }: Runtime,
  job: Job,
  { url, plan, event }: Call & { event: CallbackEvent },
): Promise<number> {
  const raw = JSON.stringify(event);
  const stamp = seconds(clock.now()) - (plan.agedSeconds ?? 0);
  const key = plan.forged === true ? 'sk-of-somebody-else' : apiKey;
  const signature = createHmac('sha256', key).update(`${stamp}.${raw}`).digest('hex');
  const seen = { at: Date.now(), jobId: job.id, event: event.id, type: event.type, url, status: 0 };
  store.state.ledger.callbacks.push(seen);
  const headers = {
    'content-type': 'application/json',
    'x-newapi-event': event.type,
    'x-newapi-delivery': randomUUID(),
    'x-newapi-timestamp': `${stamp}`,
    'x-newapi-signature': `sha256=${signature}`,
  };
  const signal = AbortSignal.timeout(Math.max(leastTryMs, Math.ceil(clock.realMs(tryMs))));
  seen.status = await fetch(url, { method: 'POST', headers, body: raw, redirect: 'manual', signal })
    .then(async (response) => {
      await response.body?.cancel();
      return response.status;
    })
    .catch(() => 0);
  store.saveSoon();
  return seen.status;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}
