import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { stream } from 'hono/streaming';
import { visitor } from '../access/studio-access.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import { createLiveHub } from './live-hub.ts';
import { layout, type Html, type PageContent } from './layout.ts';
import { digestOf, renderRegions, type RenderedRegion } from './render-regions.ts';

/** A part of a page that is replaced when it changes. */
export interface Region {
  /** Unique on the page. */
  id: string;
  html: Html | Html[];
}

/** A page that follows what it shows. */
export interface LivePage extends Pick<PageContent, 'title' | 'section'> {
  regions: Region[];
}

/** Reads a page. Called again while somebody looks at it. */
export type ReadLivePage = (context: Context<StudioEnv>) => Promise<LivePage>;

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};
const reconnectMs = 3_000;
const heartbeatMs = 15_000;
/** Of all viewers together; each open page of a browser is one. */
const streamsOf = 'studio';

/** Adds pages that are whole without JavaScript, and follow their changes with it. */
export function createLivePages(app: Hono<StudioEnv>, ports: StudioPorts) {
  const hub = createLiveHub<RenderedRegion[]>({ closing: ports.closing });
  return (path: string, read: ReadLivePage): void => {
    app.get(path, async (context) => {
      if (context.req.query('live') !== undefined) return follow(context, read);
      const { title, section, regions } = await read(context);
      const rendered = await renderRegions(regions);
      const live = liveAddress(context);
      return context.html(
        layout(context, {
          title,
          ...(section && { section }),
          live,
          body: html`${rendered.map(regionHtml)}`,
        }),
      );
    });
  };

  async function follow(context: Context<StudioEnv>, read: ReadLivePage): Promise<Response> {
    for (const [name, value] of Object.entries(streamHeaders)) context.header(name, value);
    if (context.req.raw.method === 'HEAD') return context.body(null);
    const close = ports.streams.open(streamsOf);
    if (!close) return context.body(null, 429);
    const isAllowed = async () => (await visitor(context, ports)) !== null;
    return stream(context, async (out) => {
      const gone = new AbortController();
      out.onAbort(() => gone.abort());
      try {
        await out.write(`retry: ${reconnectMs}\n\n`);
        const name = `${context.get('lang')} ${context.req.url}`;
        const again = async () => renderRegions((await read(context)).regions);
        const shown = new Map<string, string>();
        for await (const regions of hub.follow(name, {
          read: again,
          signal: gone.signal,
          heartbeatMs,
        })) {
          if (!(await isAllowed())) return;
          await out.write(regions === null ? ': still here\n\n' : changesOf(regions, shown));
        }
      } finally {
        close();
      }
    });
  }
}

/** Texts that changed since the last ones. A region that a page has already is skipped by its digest there. */
function changesOf(regions: readonly RenderedRegion[], shown: Map<string, string>): string {
  const changed = regions.filter(({ id, text }) => shown.get(id) !== digestOf(text));
  for (const { id, text } of changed) shown.set(id, digestOf(text));
  return changed
    .map(({ id, text }) => {
      const data = JSON.stringify({ id, digest: digestOf(text), html: text });
      return `event: region\ndata: ${data}\n\n`;
    })
    .join('');
}

function regionHtml({ id, text, html: content }: RenderedRegion): Html {
  return html`<div id="${id}" data-region="${digestOf(text)}">${content}</div>`;
}

function liveAddress(context: Context): string {
  const url = new URL(context.req.url);
  url.searchParams.set('live', '');
  return url.pathname + url.search;
}
