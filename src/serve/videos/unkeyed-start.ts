import type { WorkflowExecutionDescription } from '@temporalio/client';
import { VideoClientError } from '../../client/video-client-error.ts';
import { unkeyedApiId } from '../../identity/tenant-video.ts';
import type { WithoutKey } from '../ports.ts';
import { readHttpMemo } from './http-memo.ts';

/**
 * Equal requests of a tenant without a key are numbered from 1 in each slot of an hour. A number is taken by starting
 * the run that has its id, so no two servers take the same one.
 */
const slotMs = 3_600_000;
/** An SDK's last retry comes within its timeout of 10 minutes. */
const retryWithinMs = 600_000;
const identicalWithinMs = 3_600_000;
/** Clocks of servers differ. */
const skewMs = 5_000;

/** A request without a key. */
export interface UnkeyedRequest {
  tenant: string;
  digest: string;
  mode: WithoutKey;
  /** From the client's header: 0 for the first attempt, or if it sends none. */
  retryCount: number;
  /** When the request arrived, milliseconds since the epoch. */
  receivedAt: number;
}

/** How runs are found and started. */
export interface UnkeyedPorts {
  /** The newest run with this id of the HTTP API; null if there is none. */
  find(id: string): Promise<WorkflowExecutionDescription | null>;
  /** Starts a run. @throws {VideoClientError} `key_conflict` The id has been used. */
  startNew(id: string, options: { byRetry: boolean }): Promise<void>;
}

/** The video of a request without a key: a new one, or the one that an earlier attempt has started. */
export async function startUnkeyed(
  ports: UnkeyedPorts,
  request: UnkeyedRequest,
): Promise<{ id: string; isNew: boolean }> {
  const slot = Math.floor(request.receivedAt / slotMs);
  const isRetry = request.mode !== 'off' && request.retryCount > 0;
  for (;;) {
    const here = await newestIn(ports, request, slot);
    const newest = here ?? (await newestIn(ports, request, slot - 1));
    if (newest && isSameRequest(newest.run, request)) return { id: newest.id, isNew: false };
    const id = unkeyedApiId(request.tenant, { ...request, slot, number: (here?.number ?? 0) + 1 });
    try {
      await ports.startNew(id, { byRetry: isRetry });
      return { id, isNew: true };
    } catch (error) {
      // Another request took the number. It may be another attempt of this one.
      if (!(error instanceof VideoClientError) || error.kind !== 'key_conflict') throw error;
    }
  }
}

function isSameRequest(
  { startTime, memo, status }: WorkflowExecutionDescription,
  { mode, retryCount, receivedAt }: UnkeyedRequest,
): boolean {
  if (mode === 'off') return false;
  const ageMs = receivedAt - startTime.getTime();
  // A retry has overtaken the first attempt, which arrived before that run started.
  if (readHttpMemo(memo).byRetry && ageMs < skewMs) return true;
  if (mode === 'identical') return status.name === 'RUNNING' || ageMs < identicalWithinMs;
  return retryCount > 0 && ageMs < retryWithinMs;
}

interface Numbered {
  id: string;
  number: number;
  run: WorkflowExecutionDescription;
}

/** The highest number of a slot that is taken. Numbers have no gaps, so few of them are looked at. */
async function newestIn(
  { find }: UnkeyedPorts,
  request: UnkeyedRequest,
  slot: number,
): Promise<Numbered | null> {
  const at = async (number: number): Promise<Numbered | null> => {
    const id = unkeyedApiId(request.tenant, { ...request, slot, number });
    const run = await find(id);
    return run && { id, number, run };
  };
  let newest: Numbered | null = null;
  let free = 1;
  for (let found = await at(free); found; found = await at(free)) {
    newest = found;
    free *= 2;
  }
  while (newest && newest.number + 1 < free) {
    const middle = Math.floor((newest.number + free) / 2);
    const found = await at(middle);
    if (found) newest = found;
    else free = middle;
  }
  return newest;
}
