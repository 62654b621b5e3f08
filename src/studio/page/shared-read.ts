/** Options of {@link createSharedRead}. */
export interface SharedReadOptions<K, V> {
  /** How long a value is shown before it is read again. */
  keptMs: number;
  /** Milliseconds since the epoch. */
  now: () => number;
  read: (key: K) => Promise<V>;
}

/** Reads what takes long once for all viewers, and again after a while. A read that failed is not kept. */
export function createSharedRead<K, V>(options: SharedReadOptions<K, V>): (key: K) => Promise<V> {
  const { keptMs, now, read } = options;
  const kept = new Map<K, { value: Promise<V>; readAt: number | null }>();
  return (key) => {
    const known = kept.get(key);
    if (known && (known.readAt === null || now() - known.readAt < keptMs)) return known.value;
    const entry = { value: read(key), readAt: null as number | null };
    kept.set(key, entry);
    entry.value.then(
      () => {
        entry.readAt = now();
      },
      () => {
        if (kept.get(key) === entry) kept.delete(key);
      },
    );
    return entry.value;
  };
}
