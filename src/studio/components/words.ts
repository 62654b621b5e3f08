import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** A text of ours in which backquotes enclose code. */
export function words(text: string): Html {
  const parts = text.split('`');
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
