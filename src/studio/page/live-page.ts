import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { stream } from 'hono/streaming';
import { toApiError } from '../../serve/http/error-table.ts';
import { visitor } from '../access/studio-access.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import { createLiveHub, type LiveNews, type LiveReads } from './live-hub.ts';
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
  /** Milliseconds between two reads. Longer for a page that costs much. */
  everyMs?: number;
  /** What the page shows cannot change any more, so it is not read again. */
  isFinal?: boolean;
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
const usualMs = 2_000;
/** Open pages of one session, or of this machine if there is no login. */
const mostStreams = 200;
/** After a refusal, in seconds. */
const tryAgainAfter = '15';

interface RenderedPage extends Pick<LivePage, 'everyMs' | 'isFinal'> {
  regions: RenderedRegion[];
}

/** Adds pages that are whole without JavaScript, and follow their changes with it. */
export function createLivePages(
  app: Hono<StudioEnv>,
  ports: StudioPorts,
  options: { retryMs?: number } = {},
) {
  const { now, closing } = ports;
  const hub = createLiveHub<RenderedPage>({ closing, now, ...options });
  return (path: string, read: ReadLivePage): void => {
    app.get(path, async (context) => {
      if (context.req.query('live') !== undefined) return follow(context, read);
      const readAtMs = now();
      const { title, section, regions, isFinal } = await read(context);
      const rendered = await renderRegions(regions);
      return context.html(
        layout(context, {
          title,
          ...(section && { section }),
          ...(!isFinal && { live: liveAddress(context, readAtMs) }),
          body: html`${rendered.map(regionHtml)}`,
        }),
      );
    });
  };

  async function follow(context: Context<StudioEnv>, read: ReadLivePage): Promise<Response> {
    // A page of another site could open as many streams as there may be.
    const site = context.req.header('sec-fetch-site') ?? 'same-origin';
    if (site !== 'same-origin') return context.body(null, 403);
    if (context.req.raw.method === 'HEAD') return context.body(null, 200, streamHeaders);
    const close = ports.streams.open(`studio ${context.get('tenant').keyId ?? ''}`, mostStreams);
    if (!close) return context.body(null, 503, { 'retry-after': tryAgainAfter });
    for (const [name, value] of Object.entries(streamHeaders)) context.header(name, value);
    return stream(context, async (out) => {
      const gone = new AbortController();
      out.onAbort(() => gone.abort());
      const viewer = { signal: gone.signal, sinceMs: pageTime(context, now()), heartbeatMs };
      try {
        await out.write(`retry: ${reconnectMs}\n\n${stateEvent('open')}`);
        const reads = readsOf(context, { read, ports });
        const changes = changeTexts();
        for await (const news of hub.follow(nameOf(context), reads, viewer)) {
          if (!(await visitor(context, ports))) return;
          await out.write(news === null ? ': still here\n\n' : changes(news));
        }
      } finally {
        close();
      }
    });
  }
}

function readsOf(
  context: Context<StudioEnv>,
  { read, ports }: { read: ReadLivePage; ports: StudioPorts },
): LiveReads<RenderedPage> {
  return {
    read: async () => {
      const { regions, ...page } = await read(context);
      return { ...page, regions: await renderRegions(regions) };
    },
    pauseOf: ({ isFinal, everyMs = usualMs }) => (isFinal ? null : everyMs),
    isGone: (error) => toApiError(error).status === 404,
    onProblem: (error) => ports.onError(error, context.get('requestId')),
  };
}

/** Texts of the news that a viewer does not have yet. A region that a page has already is skipped by its digest there. */
function changeTexts(): (news: LiveNews<RenderedPage>) => string {
  const shown = new Map<string, string>();
  let known = 'open';
  return (news) => {
    const changed = 'value' in news ? news.value.regions.filter(isNew) : [];
    for (const { id, text } of changed) shown.set(id, digestOf(text));
    const state = news.state === known ? '' : stateEvent(news.state);
    known = news.state;
    const regions = changed.map(({ id, text }) => {
      const data = JSON.stringify({ id, digest: digestOf(text), html: text });
      return `event: region\ndata: ${data}\n\n`;
    });
    return regions.join('') + state;
  };
  function isNew({ id, text }: RenderedRegion): boolean {
    return shown.get(id) !== digestOf(text);
  }
}

function stateEvent(state: LiveNews<unknown>['state']): string {
  return `event: state\ndata: ${state}\n\n`;
}

function regionHtml({ id, text, html: content }: RenderedRegion): Html {
  return html`<div id="${id}" data-region="${digestOf(text)}">${content}</div>`;
}

/** With the time of the page, because nothing older may replace it. */
function liveAddress(context: Context, readAtMs: number): string {
  const url = new URL(context.req.url);
  url.searchParams.set('live', String(readAtMs));
  return url.pathname + url.search;
}

/** Not later than now: the page may be of a server with another clock. */
function pageTime(context: Context, nowMs: number): number {
  const time = Number(context.req.query('live'));
  return Number.isFinite(time) ? Math.min(time, nowMs) : 0;
}

/** The same for all viewers of a page. */
function nameOf(context: Context<StudioEnv>): string {
  const url = new URL(context.req.url);
  url.searchParams.delete('live');
  url.searchParams.sort();
  return `${context.get('lang')} ${url.pathname}${url.search}`;
}
