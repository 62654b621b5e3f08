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
  const kept = new Map<K, { at: number; value: Promise<V> }>();
  return (key) => {
    for (const [other, { at }] of kept) if (now() - at >= keptMs) kept.delete(other);
    const known = kept.get(key);
    if (known) return known.value;
    const value = read(key);
    kept.set(key, { at: now(), value });
    value.catch(() => {
      if (kept.get(key)?.value === value) kept.delete(key);
    });
    return value;
  };
}
