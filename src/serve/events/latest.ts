/**
 * The newest of values that arrive faster than they are read. A slow reader skips values and does not delay others.
 */
export interface Latest<T> {
  put(value: T): void;
  /** No more values. The last one is still returned. */
  end(): void;
  /** The newest value that was not returned yet; null at the end, or if none came within `timeoutMs`. */
  next(timeoutMs: number): Promise<T | null>;
  /** No value will come any more, and the last one was returned. */
  readonly isOver: boolean;
}

/** Creates a {@link Latest} for one reader. */
export function createLatest<T>(): Latest<T> {
  let newest: { value: T } | null = null;
  let hasEnded = false;
  let wake = () => {};
  const take = (): T | null => {
    const taken = newest;
    newest = null;
    return taken ? taken.value : null;
  };
  return {
    put: (value) => {
      newest = { value };
      wake();
    },
    end: () => {
      hasEnded = true;
      wake();
    },
    next: async (timeoutMs) => {
      if (newest === null && !hasEnded) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, timeoutMs);
        });
        clearTimeout(timer);
      }
      return take();
    },
    get isOver() {
      return hasEnded && newest === null;
    },
  };
}
