const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const pending = new Set<() => void>();

/**
 * Runs a synchronous last act when this process ends: at its exit, and at a signal nobody else handles.
 *
 * Where the program handles the signal itself, it also decides what happens when. Nothing helps
 * against `kill -9` of this process.
 *
 * @returns Takes the act out of the guard.
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
