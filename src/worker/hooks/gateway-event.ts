import { createHash } from 'node:crypto';
import { z } from 'zod';
import { stateOfWord } from '../../gateway/jobs/status-words.ts';

const eventSchema = z.object({
  id: z.string().min(1).max(300).optional().catch(undefined),
  type: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .catch('unknown'),
  data: z.object({
    task_id: z.string().min(1).max(200),
    status: z.string().catch(''),
  }),
});

/** What a callback of the gateway names. It is a hint: the state is read by the next poll. */
export interface GatewayEvent {
  /** The same for each delivery of one event. */
  id: string;
  /** As sent, for example `video.completed`. `unknown` if it is not a plain word. */
  type: string;
  jobId: string;
  /** The job has ended, as the type or the status says. */
  hasEnded: boolean;
}

/** Reads the body of an authentic callback. @returns null if it does not name a job. */
export function readGatewayEvent(raw: Uint8Array): GatewayEvent | null {
  const { success, data: event } = eventSchema.safeParse(parseJson(raw));
  if (!success) return null;
  const { id, type, data } = event;
  return {
    id: id ?? createHash('sha256').update(raw).digest('hex'),
    type,
    jobId: data.task_id,
    hasEnded: /\.(completed|failed)$/.test(type) || isEnd(data.status),
  };
}

function isEnd(word: string): boolean {
  const state = stateOfWord(word);
  return state === 'succeeded' || state === 'failed';
}

function parseJson(raw: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(raw).toString('utf8'));
  } catch {
    return undefined;
  }
}
