import { gatewayConfig } from '../../config/gateway-config.ts';
import { workerConfig } from '../../config/worker-config.ts';
import { oneLine } from '../../contract/one-line.ts';
import { proxyFor, proxyName } from '../../egress/proxy-for.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import type { Env } from '../context.ts';
import { catalogueChecks } from './doctor-catalogue.ts';
import { attempt, type Check } from './doctor-check.ts';

const timeoutMs = 15_000;

/** Checks of the gateway and the API key, at no cost. */
export async function* gatewayChecks(env: Env): AsyncGenerator<Check> {
  let list: ModelList | undefined;
  yield await attempt('gateway key', keyAdvice, async () => {
    const settings = gatewayConfig(env);
    list = await readList(createGateway(settings));
    const proxy = proxyFor(settings.proxies ?? {})(new URL(settings.baseUrl).origin);
    const way = proxy ? `, through the proxy ${proxyName(proxy)}` : '';
    return `accepted by ${settings.baseUrl}${way}`;
  });
  const known = list;
  if (known) yield await attempt('models', undefined, async () => modelWords(known, env));
  if (known && 'ids' in known && known.ids.length > 0) yield* catalogueChecks(env, known.ids);
  yield await attempt('balance', undefined, () => checkBalance(env));
  if (env['GATEWAY_ACCESS_TOKEN']) {
    yield await attempt('task log', 'Check GATEWAY_ACCESS_TOKEN and GATEWAY_USER_ID', () =>
      checkTaskLog(env),
    );
  }
}

/** For kind `quota`, the error already contains the balance. */
function keyAdvice(error: unknown): string {
  return error instanceof GatewayError && error.kind === 'quota'
    ? "Top up the account, then re-enable the API key in the gateway's console"
    : "Set GATEWAY_BASE_URL and GATEWAY_API_KEY to the values from the gateway's console";
}

type ModelList = { ids: string[] } | { reason: string };

/** A gateway without a model list may still accept the key. @throws {GatewayError} It does not, or is unreachable. */
async function readList(gateway: Gateway): Promise<ModelList> {
  try {
    return { ids: await gateway.listModels({ timeoutMs }) };
  } catch (error) {
    const isAnswered = error instanceof GatewayError && error.httpStatus !== undefined;
    if (!isAnswered || error.kind === 'auth' || error.kind === 'quota') throw error;
    await gateway.readBalance({ timeoutMs }).catch(() => {
      throw error;
    });
    return { reason: oneLine(error.message) };
  }
}

function modelWords(list: ModelList, env: Env): string {
  const unchecked = 'so they are not checked before a submit';
  if ('reason' in list) return `no list (${list.reason}), ${unchecked}`;
  if (list.ids.length === 0) return `none listed, ${unchecked}`;
  const checks = workerConfig(env).checksModels
    ? 'other models are refused before a submit'
    : 'not checked before a submit (GATEWAY_MODEL_CHECK=off)';
  return `${list.ids.length} for this API key; ${checks}`;
}

/** For information only, so an error is not a failed check. */
async function checkBalance(env: Env): Promise<string> {
  try {
    const { available } = await createGateway(gatewayConfig(env)).readBalance({ timeoutMs });
    return available === null ? 'the API key has no limit' : `${available} left`;
  } catch (error) {
    return `not available (${oneLine(error instanceof Error ? error.message : String(error))})`;
  }
}

async function checkTaskLog(env: Env): Promise<string> {
  const toMs = Date.now();
  const window = { fromMs: toMs - 60_000, toMs };
  const jobs = await createGateway(gatewayConfig(env)).findOwnJobs(window, { timeoutMs });
  return `readable, ${jobs.length} jobs in the last minute`;
}
