/** SIGINT, SIGTERM or SIGHUP. */
export interface Interrupt {
  signal: AbortSignal;
  /** Resolves at the first signal. Never rejects. */
  happened: Promise<void>;
  /** Removes the signal handlers. */
  stop(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal requests a clean shutdown. The second has its default effect. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  let resolveHappened = () => {};
  const happened = new Promise<void>((resolve) => {
    resolveHappened = resolve;
  });
  const onSignal = () => {
    // Deferred, so that other listeners see that this signal is handled (dev/exit-guard.ts).
    setImmediate(stop);
    controller.abort();
    resolveHappened();
  };
  const stop = () => signals.forEach((signal) => process.off(signal, onSignal));
  signals.forEach((signal) => process.on(signal, onSignal));
  return { signal: controller.signal, happened, stop };
}
