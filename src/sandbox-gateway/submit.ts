import type { IncomingMessage, ServerResponse } from 'node:http';
import { json, type Answer } from './answer.ts';
import { callbackOf, refusedCallback, startCallback } from './callbacks.ts';
import { chooseFor, parseScenarios, scenarioOf } from './scenarios/choose-scenario.ts';
import { bodyLimitBytes, parseBody, parseCreate, type CreateRequest } from './create-request.ts';
import { apiError, taskError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Job } from './job.ts';
import type { SeenPost } from './call-ledger.ts';
import { seconds } from './render-videos.ts';
import { logCreate, type PaidCreate } from './request-log.ts';
import { checkKey } from './routes.ts';
import {
  acceptJob,
  countUp,
  runningJobs,
  settle,
  startVendorJob,
  type Runtime,
} from './runtime.ts';
import type { Accepted, SubmitContext } from './scenarios/scenario.ts';
import type { VendorPlan } from './vendors/vendor-plan.ts';
import { planVendorRequest, priceOf } from './vendors/vendor-request.ts';

const earlyReset = 'submit-reset-early';

/** A create request: head, body and connection. */
interface Arrival {
  exchange: Exchange;
  request: IncomingMessage;
  response: ServerResponse;
  connectionUsedBefore: boolean;
}

/** Handles a create POST. It is recorded in the ledger first. */
export async function answerSubmit(runtime: Runtime, arrival: Arrival): Promise<Answer> {
  const { exchange, request } = arrival;
  const post: SeenPost = {
    at: exchange.at,
    path: exchange.path,
    headers: exchange.headers,
    rawBody: '',
    body: null,
    scenarios: [],
  };
  runtime.store.state.ledger.posts.push(post);
  if (resetsEarly(runtime, exchange)) {
    post.scenarios = [earlyReset];
    runtime.store.save();
    return { kind: 'reset' };
  }
  const raw = await readBody(request);
  if (raw === null) return oversize(exchange);
  post.rawBody = raw;
  post.body = parseBody(raw, exchange.headers['content-type'] ?? '');
  const answer = checkKey(runtime, exchange) ?? (await decide(runtime, arrival, post));
  runtime.store.save();
  return answer;
}

async function decide(runtime: Runtime, arrival: Arrival, post: SeenPost): Promise<Answer> {
  const { exchange } = arrival;
  const own = scenarioOf(exchange.headers['x-sandbox-scenario'], post.body?.['prompt']);
  const texts = [own, runtime.store.state.scenario];
  try {
    post.scenarios = texts.flatMap(parseScenarios).map((each) => each.text);
  } catch (error) {
    return unknownScenario(error);
  }
  const { generation } = runtime;
  const parsed = parseCreate(exchange, { body: post.body, generation });
  if ('refusal' in parsed) return parsed.refusal;
  const { request } = parsed;
  const planned = planVendorRequest(request, {
    generation,
    mediaOrigin: runtime.origins.media,
    requestId: exchange.requestId,
  });
  if ('refusal' in planned) return planned.refusal;
  const { plan } = planned;
  const short = quotaShort(runtime, request, plan);
  if (short !== null) return short;
  const refused = refusedCallback(request, texts);
  if (refused !== null) return refused;
  const context = createContext(runtime, arrival, { request, plan, scenario: own });
  const played = await playScenario(runtime, texts, context);
  const answer = played ?? acceptance(context.accept());
  logCreate(runtime, { exchange, request, texts, answer, paid: context.paid() });
  return answer;
}

function acceptance({ reply, headers }: Accepted): Answer {
  return json(200, reply, headers);
}

async function playScenario(
  runtime: Runtime,
  texts: string[],
  context: SubmitContext,
): Promise<Answer | null> {
  const chosen = chooseFor('submit', texts);
  if (chosen === null) return null;
  const { scenario, times, variant, value } = chosen;
  if (scenario.name === earlyReset && !isChosenByPrompt(earlyReset, context.request.prompt))
    return null;
  const nth = countUp(runtime, `submit|${scenario.name}|${context.request.prompt}`);
  if (nth > times) return null;
  return scenario.answer(Object.assign(context, { variant, value, nth, times }));
}

function createContext(
  runtime: Runtime,
  { exchange, response, connectionUsedBefore }: Arrival,
  work: { request: CreateRequest; plan: VendorPlan; scenario: string },
): SubmitContext & { paid: () => PaidCreate | null } {
  let paid: PaidCreate | null = null;
  return {
    exchange,
    request: work.request,
    variant: null,
    value: null,
    nth: 1,
    times: Infinity,
    origins: runtime.origins,
    connectionUsedBefore,
    accept(changes = {}) {
      const job = acceptJob(runtime, work, changes);
      paid = { jobId: job.id, price: job.price };
      const callbackUrl = callbackOf(work.request, runtime);
      if (callbackUrl !== undefined) startCallback(runtime, Object.assign(job, { callbackUrl }));
      return accepted(job, work);
    },
    paid: () => paid,
    orphan: () => startVendorJob(runtime, { ...work, jobId: null }),
    running: () => runningJobs(runtime),
    async stillThere(gatewayMs) {
      const gone = new Promise<void>((resolve) => response.once('close', () => resolve()));
      await Promise.race([runtime.clock.sleep(gatewayMs), gone]);
      return !response.destroyed && response.socket?.destroyed === false;
    },
  };
}

function accepted(
  job: Job,
  { request, plan }: { request: CreateRequest; plan: VendorPlan },
): Accepted {
  const reply: Record<string, unknown> = {
    id: job.id,
    ...(job.onPluginHost !== true && { task_id: job.id }),
    object: 'video',
    model: request.model,
    status: 'queued',
    progress: 0,
    created_at: seconds(job.submittedAt),
  };
  if (job.family === 'sora') {
    reply['seconds'] = String(plan.madeSeconds);
    reply['size'] = job.size;
  }
  return { job, reply, headers: { 'X-New-Api-Other-Ratios': JSON.stringify(plan.ratios) } };
}

/** A reset before the body is read can only be selected by the head or the run. */
function resetsEarly(runtime: Runtime, exchange: Exchange): boolean {
  const header = exchange.headers['x-sandbox-scenario'] ?? '';
  try {
    const chosen = chooseFor('submit', [header, runtime.store.state.scenario]);
    if (chosen?.scenario.name !== earlyReset) return false;
    return countUp(runtime, `submit|${earlyReset}|head`) <= chosen.times;
  } catch {
    return false;
  }
}

function isChosenByPrompt(name: string, prompt: string): boolean {
  return chooseFor('submit', [scenarioOf(undefined, prompt)])?.scenario.name === name;
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part));
    length += bytes.length;
    if (length <= bodyLimitBytes) parts.push(bytes);
  }
  return length > bodyLimitBytes ? null : Buffer.concat(parts).toString('utf8');
}

function oversize({ requestId }: Exchange): Answer {
  const message =
    'Invalid request: Invalid request: request body exceeds 128 MB: request body too large';
  return apiError(400, { code: '', message, requestId });
}

function quotaShort(runtime: Runtime, request: CreateRequest, plan: VendorPlan): Answer | null {
  const price = priceOf(request, { plan, groupRatio: runtime.groupRatio });
  const { ledger } = runtime.store.state;
  if (ledger.balance >= price) return null;
  settle(runtime);
  const { balance } = ledger;
  if (balance >= price) return null;
  const dollars = (quota: number): string => `＄${(quota / 500_000).toFixed(6)}`;
  const text = `Token quota is not enough, token remaining quota: ${dollars(balance)}, required quota: ${dollars(price)}`;
  return taskError(403, 'pre_consume_token_quota_failed', text);
}

function unknownScenario(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return json(400, { error: { message, type: 'sandbox_error', code: 'unknown_scenario' } });
}
