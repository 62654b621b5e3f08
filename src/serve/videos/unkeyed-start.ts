import { z } from 'zod';
import { unkeyedRequestKey } from '../../identity/object-key.ts';
import { unkeyedApiId } from '../../identity/tenant-video.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { WithoutKey } from '../ports.ts';

/** OpenAI's clients wait 10 minutes for the answer to each of their three attempts. */
const sameWithinMs = 3_600_000;
/** Clocks of servers differ. */
const skewMs = 5_000;
const maxEntryBytes = 1_000;

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

const entrySchema = z.object({ receivedAt: z.number(), byRetry: z.boolean() });

/** One of the equal requests of a tenant without a key. */
type Entry = z.infer<typeof entrySchema>;

/**
 * The id for a request without a key: a new one, or that of the earlier attempt.
 *
 * Equal requests of a tenant are numbered from 1. A number is taken by creating its object in the storage, so no two
 * servers take the same one, and it is never free again. Whoever has a number starts the video with its id, which can be
 * repeated.
 *
 * @throws {StorageError} Nothing was started.
 */
export async function unkeyedId(
  storage: Pick<VideoStorage, 'createSmall' | 'readSmall'>,
  request: UnkeyedRequest,
): Promise<string> {
  const { tenant, digest, mode, retryCount, receivedAt } = request;
  const keyOf = (number: number) => unkeyedRequestKey({ tenant, digest, number });
  const entry: Entry = { receivedAt, byRetry: mode !== 'off' && retryCount > 0 };
  for (;;) {
    const { number, entry: newest } = await newestOf(async (at) => {
      const bytes = await storage.readSmall(keyOf(at), maxEntryBytes);
      return bytes && entrySchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    });
    if (newest && isSameRequest(newest, request)) return unkeyedApiId({ tenant, digest, number });
    const next = number + 1;
    const isTaken = await storage.createSmall(keyOf(next), Buffer.from(JSON.stringify(entry)));
    // If not, another request took it, which may be another attempt of this one.
    if (isTaken) return unkeyedApiId({ tenant, digest, number: next });
  }
}

function isSameRequest(newest: Entry, { mode, retryCount, receivedAt }: UnkeyedRequest): boolean {
  if (mode === 'off') return false;
  const ageMs = receivedAt - newest.receivedAt;
  // A retry has overtaken the first attempt.
  if (newest.byRetry && ageMs < skewMs) return true;
  return (mode === 'identical' || retryCount > 0) && ageMs < sameWithinMs;
}

/** The highest number that is taken, 0 if none is. Numbers have no gaps, so few of them are read. */
async function newestOf(
  read: (number: number) => Promise<Entry | null>,
): Promise<{ number: number; entry: Entry | null }> {
  let newest: { number: number; entry: Entry | null } = { number: 0, entry: null };
  let free = 1;
  for (let entry = await read(free); entry; entry = await read(free)) {
    newest = { number: free, entry };
    free *= 2;
  }
  while (newest.number + 1 < free) {
    const middle = Math.floor((newest.number + free) / 2);
    const entry = await read(middle);
    if (entry) newest = { number: middle, entry };
    else free = middle;
  }
  return newest;
}
