import { createHash } from 'node:crypto';
import { callThread, hashThread, isShared } from './hash-thread.ts';

/** The SHA-256 of bytes that arrive in pieces. */
export interface RunningHash {
  /** The bytes must not change before the promise resolves. A later call is never ahead of an earlier one. */
  update(bytes: Uint8Array): Promise<void>;
  /** In hex, of all bytes given before this call; more may follow. */
  digest(): Promise<string>;
  /** Frees the state. */
  end(): void;
}

let ids = 0;

/**
 * Hashes blocks of shared memory in the hash thread, so that a large download does not occupy the main one. What begins
 * with other bytes, such as a small picture, is hashed here: it needs no thread.
 */
export function startHash(): RunningHash {
  let engine: RunningHash | undefined;
  return {
    update: (bytes) => {
      engine ??= isShared(bytes) ? hashInThread() : hashHere();
      return engine.update(bytes);
    },
    digest: () => {
      engine ??= hashHere();
      return engine.digest();
    },
    end: () => engine?.end(),
  };
}

/** The SHA-256 of one block, in hex. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  if (isShared(bytes)) return callThread(hashThread(), { bytes, digest: true });
  return createHash('sha256').update(bytes).digest('hex');
}

function hashInThread(): RunningHash {
  const thread = hashThread();
  const id = (ids += 1);
  return {
    update: async (bytes) => void (await callThread(thread, { id, bytes })),
    digest: () => callThread(thread, { id, digest: true }),
    end: () => void callThread(thread, { id, drop: true }).catch(() => {}),
  };
}

function hashHere(): RunningHash {
  const hash = createHash('sha256');
  return {
    update: async (bytes) => void hash.update(bytes),
    digest: async () => hash.copy().digest('hex'),
    end: () => {},
  };
}
