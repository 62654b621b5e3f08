/** Options of {@link createSharedRead}. */
export interface SharedReadOptions<K, V> {
  /** How long a value is shown before it is read again. */
  keptMs: number;
  /** Milliseconds since the epoch. */
  now: () => number;
  read: (key: K) => Promise<V>;
  /**
   * For what costs much: the old value is shown while it is read again, and most of the time nothing is read. The value
   * must say of when it is.
   */
  isCostly?: boolean;
}

interface Kept<V> {
  value: Promise<V>;
  /** Null while it is read. */
  read: { atMs: number; tookMs: number } | null;
  /** The next value, while it is read. */
  isRenewed: boolean;
}

/** Reading takes at most this part of the time. */
const costlyShare = 20;
/** After so long without a viewer, the old value is of no use. */
const tooOldMs = 900_000;

/** Reads what takes long once for all viewers, and again after a while. A read that failed is not kept. */
export function createSharedRead<K, V>(options: SharedReadOptions<K, V>): (key: K) => Promise<V> {
  const { keptMs, now, read, isCostly = false } = options;
  const kept = new Map<K, Kept<V>>();
  const start = (key: K): Kept<V> => {
    const fromMs = now();
    const entry: Kept<V> = { value: read(key), read: null, isRenewed: false };
    const done = () => {
      entry.read = { atMs: now(), tookMs: now() - fromMs };
      kept.set(key, entry);
    };
    // The next viewer reads again, and sees the failure if it is still there.
    entry.value.then(done, () => kept.delete(key));
    return entry;
  };
  return (key) => {
    const known = kept.get(key);
    if (known?.read === null) return known.value;
    if (known?.read) {
      const { atMs, tookMs } = known.read;
      const ageMs = now() - atMs;
      if (ageMs < Math.max(keptMs, isCostly ? costlyShare * tookMs : 0)) return known.value;
      if (isCostly && ageMs < Math.max(tooOldMs, costlyShare * tookMs * 2)) {
        if (!known.isRenewed) start(key);
        known.isRenewed = true;
        return known.value;
      }
    }
    const entry = start(key);
    kept.set(key, entry);
    return entry.value;
  };
}
