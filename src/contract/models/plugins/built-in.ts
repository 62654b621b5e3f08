import type { PluginRules, Source } from '../catalog-types.ts';

/** Rules that all plugins built into the gateway share. */
export const builtIn = {
  builtIn: true,
  first: 'metadata',
  metadata: { text: 'read', other: 'dropped' },
  nonText: 'dropped',
  callback: { top: 'host', metadata: 'vendor' },
} as const satisfies Partial<PluginRules>;

export function readAt(at: string): Source {
  return { at, on: '2026-11-27', sure: 'run' };
}

/** The gateway refuses lengths above this. */
export const maxSeconds = 3600;
