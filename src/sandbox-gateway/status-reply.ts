import { json, type Transfer } from './answer.ts';

/** A status body, with the content type of these routes. */
export function statusReply(body: unknown): Transfer {
  return json(200, body, { 'Content-Type': 'application/json' });
}
