import { createHash } from 'node:crypto';
import { html } from 'hono/html';
import type { Html } from './layout.ts';
import type { Region } from './live-page.ts';

/** A region, and its HTML as text. */
export interface RenderedRegion {
  id: string;
  html: Awaited<Html>;
  text: string;
}

/** The HTML of regions. */
export function renderRegions(regions: readonly Region[]): Promise<RenderedRegion[]> {
  return Promise.all(
    regions.map(async ({ id, html: content }) => {
      const rendered = await html`${content}`;
      return { id, html: rendered, text: String(rendered) };
    }),
  );
}

const digestLength = 16;

/** Tells whether a region has changed. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digestLength);
}
