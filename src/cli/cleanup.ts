/** Runs end functions in the reverse order of their start. */
export interface Cleanup {
  /** Set on success. Some end functions then keep their resources. */
  succeeded: boolean;
  /** After `run`, an added function runs at once. */
  add(end: () => Promise<void> | void): void;
  /** Runs each function once, also after another one failed. */
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const ends: (() => Promise<void> | void)[] = [];
  let isOver = false;
  const cleanup: Cleanup = {
    succeeded: false,
    add: (end) => {
      ends.push(end);
      if (isOver) void cleanup.run();
    },
    run: async () => {
      isOver = true;
      for (let end = ends.pop(); end; end = ends.pop()) {
        await Promise.resolve()
          .then(end)
          .catch(() => {});
      }
    },
  };
  return cleanup;
}
