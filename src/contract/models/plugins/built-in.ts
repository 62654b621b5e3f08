import type { PluginRules, Source } from '../catalog-types.ts';

/** What the plugins that are built into the host have in common. */
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

/** Lengths above this are refused by the host. */
export const maxSeconds = 3600;
