import type { Context } from 'hono';
import { html } from 'hono/html';
import { toApiError } from '../../serve/http/error-table.ts';
import type { StudioEnv } from '../ports.ts';
import { commonTexts } from '../texts/common.ts';
import { inLanguage } from '../texts/in-language.ts';
import { layout } from './layout.ts';

/** The page of an error: what went wrong and what to do, in the words of the HTTP API. */
export async function errorPage(context: Context<StudioEnv>, thrown: unknown): Promise<Response> {
  const error = toApiError(thrown);
  const texts = inLanguage(commonTexts, context.get('lang'));
  context.set('errorCode', error.code);
  const body = html`<div class="notice bad" role="alert">
      <p>${error.message}</p>
      <p class="soft">
        <code>${error.code}</code> · ${texts.requestId(context.get('requestId') ?? '')}
      </p>
    </div>
    <p><a href="/studio">${texts.toOverview}</a></p>`;
  const title = error.status === 404 ? texts.notFound : texts.error;
  return context.html(layout(context, { title, body }), error.status as 400);
}

/** The page of an address without a page. */
export async function notFoundPage(context: Context<StudioEnv>): Promise<Response> {
  const texts = inLanguage(commonTexts, context.get('lang'));
  const body = html`<p>${texts.noSuchPage}</p>
    <p><a href="/studio">${texts.toOverview}</a></p>`;
  return context.html(layout(context, { title: texts.notFound, body }), 404);
}
