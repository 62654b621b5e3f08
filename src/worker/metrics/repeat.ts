export interface RepeatOptions {
  /** Pause between two turns. */
  everyMs: number;
  /** Called for a failed turn, but not after the end. */
  onError: (error: unknown) => void;
}

/** Repeats a turn, starting at once. Does not keep the process alive. Returns a function that ends it. */
export function repeat(turn: () => Promise<void>, { everyMs, onError }: RepeatOptions): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const run = async (): Promise<void> => {
    await turn().catch((error: unknown) => {
      if (!stopped) onError(error);
    });
    if (!stopped) timer = setTimeout(() => void run(), everyMs).unref();
  };
  void run();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
