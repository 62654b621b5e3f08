import { HandlerError } from 'nexus-rpc';
import { z } from 'zod';

/** Token type of a workflow run, in the format of Temporal's SDKs. */
const workflowRun = 1;

const tokenSchema = z.object({
  t: z.literal(workflowRun),
  wid: z.string().min(1),
  /** The former name of `waiterId`. Older workers read it, and tokens outlive workers. */
  asker: z.string().exactOptional(),
});

/** Content of the token of operation `generate`. */
export interface VideoOperation {
  videoId: string;
  /** Absent in tokens that the SDK makes for operations which end during their start. */
  waiterId?: string;
}

/** Writes Temporal's token of a workflow run, with the waiter that a cancellation of the operation removes. */
export function writeToken(namespace: string, { videoId, waiterId }: VideoOperation): string {
  const token = { t: workflowRun, ns: namespace, wid: videoId, asker: waiterId };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** Parses a token. @throws {HandlerError} `BAD_REQUEST` for other tokens */
export function readToken(token: string): VideoOperation {
  const parsed = tokenSchema.safeParse(decode(token));
  if (!parsed.success)
    throw new HandlerError('BAD_REQUEST', 'The operation token is not one of onetake');
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
