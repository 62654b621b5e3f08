import { z } from 'zod';

const scalar = z.union([z.string(), z.number()]).optional().catch(undefined);

/**
 * The fields that we use of this route's video object. Times are in seconds or milliseconds, `completed_at` is also set
 * while the job runs, and `task_id` may be the vendor's.
 */
export const videoSchema = z.looseObject({
  status: scalar,
  /** A vendor's own body. */
  task_status: scalar,
  progress: scalar,
  created_at: scalar,
  completed_at: scalar,
  finished_at: scalar,
  expires_at: scalar,
  usage: z.looseObject({ seconds: scalar }).nullish().catch(undefined),
  /** Gemini's own shape. */
  done: z.boolean().optional().catch(undefined),
});
