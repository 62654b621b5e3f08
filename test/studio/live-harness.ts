import { Hono } from 'hono';
import { assetRoutes } from '../../src/studio/assets.ts';
import { createLivePages, type ReadLivePage } from '../../src/studio/page/live-page.ts';
import type { StudioEnv } from '../../src/studio/ports.ts';
import { studioHarness } from './studio-harness.ts';

const session = { name: 'local', keyId: null };

/** Live pages of a test under /studio, with the real script, without a login. */
export async function livePages(pages: Record<string, ReadLivePage>) {
  let nowMs = 1_000_000;
  const { ports, errors } = await studioHarness({ ports: () => ({ now: () => nowMs }) });
  const studio = new Hono<StudioEnv>();
  assetRoutes(studio);
  studio.use(async (context, next) => {
    context.set('lang', 'en');
    context.set('tenant', session);
    await next();
  });
  const add = createLivePages(studio, ports, { retryMs: 1 });
  for (const [path, read] of Object.entries(pages)) add(path, read);
  const app = new Hono().route('/studio', studio as unknown as Hono);
  return { app, ports, errors, advance: (ms: number) => (nowMs += ms) };
}

/** Reads a stream of events as text. */
export function eventReader({ body }: Response) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  return {
    /** All text up to and with this one. */
    until: async (wanted: string): Promise<string> => {
      while (!seen.includes(wanted)) {
        const part = await reader?.read();
        if (!part || part.done) throw new Error(`The stream ended after: ${seen}`);
        seen += part.value;
      }
      const end = seen.indexOf(wanted) + wanted.length;
      const text = seen.slice(0, end);
      seen = seen.slice(end);
      return text;
    },
    /** All that is left, when the stream has ended. */
    rest: async (): Promise<string> => {
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) return seen;
        seen += part.value;
      }
    },
    close: () => reader?.cancel(),
  };
}
