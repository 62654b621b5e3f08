/** Ctrl-C, or a polite end by the system. */
export interface Interrupt {
  signal: AbortSignal;
  /** Rejects never; resolves when it happens. */
  happened: Promise<void>;
  /** Gives the signals back to whoever had them. */
  stop(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first Ctrl-C asks to end in order; a second one ends the process as if nobody listened. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  let resolveHappened = () => {};
  const happened = new Promise<void>((resolve) => {
    resolveHappened = resolve;
  });
  const onSignal = () => {
    // Later: who else listens must see that this signal is taken care of (dev/child-guard.ts).
    setImmediate(stop);
    controller.abort();
    resolveHappened();
  };
  const stop = () => signals.forEach((signal) => process.off(signal, onSignal));
  signals.forEach((signal) => process.on(signal, onSignal));
  return { signal: controller.signal, happened, stop };
}
