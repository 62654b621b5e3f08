import { z } from 'zod';

const text = z.string().optional().catch(undefined);
const scalar = z.union([z.string(), z.number()]).optional().catch(undefined);

/** The envelope of this route: `{"code":"success","message":"","data":{…}}`. `data` may be null. */
export const envelopeSchema = z.looseObject({
  code: z.unknown().optional(),
  status: z.unknown().optional(),
  data: z.record(z.string(), z.unknown()).nullable().catch(null),
});

/**
 * The fields that we use of the row in `data`: upper-case `status`, `progress` as text, times in seconds. While a Gemini
 * job runs, `data` is `{status, url, task_id}` instead, so the shape may change between polls.
 */
export const rowSchema = z.looseObject({
  status: scalar,
  /** A vendor's own body in place of the row. */
  task_status: scalar,
  task_id: text,
  progress: scalar,
  submit_time: scalar,
  created_at: scalar,
  finish_time: scalar,
  finished_at: scalar,
  expires_at: scalar,
  quota: scalar,
  usage: z.looseObject({ seconds: scalar }).nullish().catch(undefined),
});
