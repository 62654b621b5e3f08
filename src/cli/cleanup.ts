/** What has to be ended, in the opposite order of its start. */
export interface Cleanup {
  /** Set when all went well; some ends leave things in place then. */
  succeeded: boolean;
  /** After `run`, what is added late is ended at once. */
  add(end: () => Promise<void> | void): void;
  /** Runs everything once; a failing end does not keep the others from running. */
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
