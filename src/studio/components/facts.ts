import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** A term and its value. A null value is left out. */
export type Fact = readonly [term: string, value: Html | string | number | null];

/** A list of facts. */
export function facts(rows: readonly Fact[]): Html {
  const known = rows.filter(([, value]) => value !== null);
  return html`<dl class="facts">
    ${known.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
