import { createHmac, randomUUID } from 'node:crypto';
import {
  createRequestStateCodec,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { McpPorts } from '../ports.ts';
import type { SpendRequest } from '../spending/spend-permission.ts';

/** What a person was asked about. The client keeps it, signed, until the answer, so that any server can read it. */
export interface AskedState {
  digest: string;
  /** The highest cost that the person saw. */
  money: number | null;
  /** Idempotency key of the video. */
  key: string;
  /** Milliseconds since the epoch. */
  askedAt: number;
}

/** An answer counts for this long. */
export const answerMs = 600_000;
/** Longer, so that a late answer gets a result that says so, and not an error of the protocol. */
const signedSeconds = 86_400;

/** Signs and checks {@link AskedState}. A state of another tenant or method is refused. */
export function askedStates(
  { stateSecret }: Pick<McpPorts, 'stateSecret'>,
  tenant: string,
): RequestStateCodec<AskedState> {
  // A key of its own: the secret also signs links.
  const key = createHmac('sha256', stateSecret()).update('mcp-request-state').digest();
  return createRequestStateCodec<AskedState>({
    key,
    ttlSeconds: signedSeconds,
    bind: ({ mcpReq }: ServerContext) => JSON.stringify([mcpReq.method, tenant]),
  });
}

/**
 * The state of a new question. Without a key of the agent, the video gets one here: each answer to this question, also a
 * repeated one, starts the same video, and a new call asks again.
 */
export function newQuestion({ digest, money, key }: SpendRequest, now: number): AskedState {
  return { digest, money, key: key ?? `mcp-asked-${randomUUID()}`, askedAt: now };
}
