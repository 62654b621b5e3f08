export interface RepeatOptions {
  /** From the end of one turn to the beginning of the next. */
  everyMs: number;
  /** Told of a turn that failed; not told once it was stopped. */
  onError: (error: unknown) => void;
}

/** Does something again and again, at once for the first time. No turn keeps the process alive. Gives what ends it. */
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
