import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** What an action did, on the page that follows it. @param done Name of a text, of `doneOf`; others are ignored. */
export function doneNotice(texts: Readonly<Record<string, string>>, done = ''): Html {
  const text = Object.hasOwn(texts, done) ? texts[done] : undefined;
  return text === undefined
    ? html``
    : html`<div class="notice good" role="status"><p>${text}</p></div>`;
}
