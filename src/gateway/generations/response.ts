import type { StatusObject } from '../jobs/status-object.ts';
import { envelopeSchema, rowSchema } from './wire.ts';

/**
 * Reads the envelope of this route.
 *
 * @returns undefined if the body is not an envelope. `fields` is empty if it has no row (`data: null`).
 */
export function readGenerationsStatus(body: unknown): StatusObject | undefined {
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success || !isEnvelope(body)) return undefined;
  const { data } = envelope.data;
  const row = rowSchema.safeParse(data);
  if (data === null || !row.success) return { raw: {}, fields: {} };
  const { status, task_status, progress, usage } = row.data;
  const fields = {
    status: status || task_status,
    progress,
    createdAt: row.data.submit_time || row.data.created_at,
    completedAt: row.data.finish_time || row.data.finished_at,
    expiresAt: row.data.expires_at,
    usageSeconds: usage?.seconds,
    quota: row.data.quota,
  };
  return { raw: data, fields };
}

/** An envelope has `data` and `code`. Some forks omit `code`, but then no other field is named `status`. */
function isEnvelope(body: unknown): body is { data: unknown } {
  if (typeof body !== 'object' || body === null || !('data' in body) || 'id' in body) return false;
  return 'code' in body || !('status' in body);
}
