const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const pending = new Set<() => void>();

/**
 * Runs a synchronous function when this process ends: at its exit, and at a signal without another handler.
 *
 * If the program handles the signal, it decides when to exit. `kill -9` cannot be handled.
 *
 * @returns Removes the function.
 */
export function onProcessEnd(act: () => void): () => void {
  if (pending.size === 0) install();
  pending.add(act);
  return () => {
    if (pending.delete(act) && pending.size === 0) uninstall();
  };
}

function install(): void {
  process.on('exit', runAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function uninstall(): void {
  process.off('exit', runAll);
  for (const signal of signals) process.off(signal, onSignal);
}

function runAll(): void {
  for (const act of pending) act();
  pending.clear();
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  runAll();
  uninstall();
  process.kill(process.pid, signal);
}
