import type { Delivery } from '../../webhooks/delivery.ts';
import type { Colors } from '../output.ts';

/** `delivered`, colored by what it means. */
export function stateWords({ state }: Pick<Delivery, 'state'>, colors: Colors): string {
  if (state === 'delivered') return colors.green(state);
  return state === 'failed' || state === 'stopped' ? colors.red(state) : colors.yellow(state);
}

/** Whether the first POST has ended. An attempt that sent nothing is none. */
export function isAnswered({
  endedAt,
  failureKind,
}: Pick<Delivery, 'endedAt' | 'failureKind'>): boolean {
  return endedAt !== undefined || (failureKind !== undefined && failureKind !== 'busy');
}

/** `in 42 s`, `in 58 min`; empty without a time. */
export function untilWords(at: string | undefined, nowMs: number): string {
  if (at === undefined) return '';
  const seconds = Math.max(0, Math.round((Date.parse(at) - nowMs) / 1_000));
  return seconds < 120 ? `in ${seconds} s` : `in ${Math.round(seconds / 60)} min`;
}
