import { hooksConfig } from '../../config/hooks-config.ts';
import type { Env } from '../context.ts';
import { attempt, type Check } from './doctor-check.ts';

const timeoutMs = 15_000;

/** Whether the public address for callbacks leads to a receiver. Nothing without callbacks. */
export async function* hooksChecks(env: Env): AsyncGenerator<Check> {
  if (!env['HOOKS_PORT'] && !env['HOOKS_PUBLIC_URL']) return;
  const toDo =
    'Pass the address on to HOOKS_PORT of a worker: see "Callbacks of the gateway" in docs/operations.md';
  yield await attempt('callbacks', toDo, () => checkReceiver(env));
}

/** A request without a signature: a receiver refuses it. Many networks cannot reach their own public address. */
async function checkReceiver(env: Env): Promise<string> {
  const { publicUrl } = hooksConfig(env);
  if (publicUrl === undefined) return 'received, but not requested: HOOKS_PUBLIC_URL is not set';
  const address = `${publicUrl}/hooks/gateway`;
  const init = {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  } as const;
  const answer = await fetch(address, init).catch(() => null);
  if (!answer) return `not checked: ${address} cannot be reached from this machine`;
  const { status } = answer;
  if (status !== 401)
    throw new Error(`"${address}" answers ${status}; a receiver would answer 401`);
  const challenge = answer.headers.get('www-authenticate');
  if (challenge !== null)
    throw new Error(
      `"${address}" asks for a login, which the gateway does not have: a proxy does that, not the receiver`,
    );
  return `${address} leads to a receiver`;
}
