import { HandlerError } from 'nexus-rpc';
import { z } from 'zod';

/** Type of a token that stands for a workflow run, in the token format that Temporal's SDKs share. */
const workflowRun = 1;

const tokenSchema = z.object({
  t: z.literal(workflowRun),
  wid: z.string().min(1),
  /** The former name of a waiter: tokens outlive workers, and those from before read it. */
  asker: z.string().exactOptional(),
});

/** What the token of an operation `generate` stands for. */
export interface VideoOperation {
  videoId: string;
  /** Absent in a token that the SDK made by itself, as it does for an operation that ends while it starts. */
  waiterId?: string;
}

/** A token as Temporal's own for a workflow run, and who asked: only that one stops waiting when it is cancelled. */
export function writeToken(namespace: string, { videoId, waiterId }: VideoOperation): string {
  const token = { t: workflowRun, ns: namespace, wid: videoId, asker: waiterId };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** @throws {HandlerError} `BAD_REQUEST` for what is no token of ours */
export function readToken(token: string): VideoOperation {
  const parsed = tokenSchema.safeParse(decode(token));
  if (!parsed.success) throw new HandlerError('BAD_REQUEST', 'The operation token is none of ours');
  const { wid: videoId, asker: waiterId } = parsed.data;
  return { videoId, ...(waiterId !== undefined && { waiterId }) };
}

function decode(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return null;
  }
}
