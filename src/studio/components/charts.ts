import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** One bar. `maybe` is a second part above it, in another colour. */
export interface Bar {
  label: string;
  value: number;
  maybe?: number;
  /** Shown when the pointer is on the bar. */
  text: string;
}

/** What a chart is about. */
export interface ChartWords {
  /** Unique on the page. */
  id: string;
  title: string;
  /** The chart in words, for those who do not see it. A table beside it has the numbers. */
  description: string;
  /** The value at the upper edge. */
  highest: string;
}

const width = 100;
const height = 40;
const gap = 0.2;

/** Bars side by side, e.g. one a day. Texts are around the picture, so that they keep their size on a phone. */
export function barChart(bars: readonly Bar[], words: ChartWords): Html {
  const { id, title, description, highest } = words;
  const most = Math.max(...bars.map(sumOf), 0);
  const step = width / Math.max(1, bars.length);
  return html`<figure class="bars">
    <figcaption class="row spread"><span>${title}</span><small>${highest}</small></figcaption>
    <svg
      class="chart"
      viewBox="0 0 ${width} ${height}"
      preserveAspectRatio="none"
      role="img"
      aria-labelledby="${id}-title ${id}-text"
    >
      <title id="${id}-title">${title}</title>
      <desc id="${id}-text">${description}</desc>
      ${bars.map((bar, index) => barOf(bar, { x: index * step, step, most }))}
      <line class="grid" x1="0" x2="${width}" y1="${height}" y2="${height}" />
    </svg>
    <div class="row spread" aria-hidden="true">
      <small>${bars.at(0)?.label ?? ''}</small><small>${bars.at(-1)?.label ?? ''}</small>
    </div>
  </figure>`;
}

function barOf(bar: Bar, { x, step, most }: { x: number; step: number; most: number }): Html {
  const scale = most > 0 ? (height - 1) / most : 0;
  const part = (name: string, from: number, size: number) =>
    size > 0
      ? html`<rect
          class="${name}"
          x="${rounded(x + (step * gap) / 2)}"
          y="${rounded(height - (from + size) * scale)}"
          width="${rounded(step * (1 - gap))}"
          height="${rounded(size * scale)}"
        />`
      : '';
  return html`<g>
    <title>${bar.text}</title>
    <rect class="hit" x="${rounded(x)}" y="0" width="${rounded(step)}" height="${height}" />
    ${part('bar', 0, bar.value)}${part('bar maybe', bar.value, bar.maybe ?? 0)}
  </g>`;
}

function sumOf({ value, maybe = 0 }: Bar): number {
  return value + maybe;
}

/** A bar in a cell of a table that has the number too, so it says nothing to screen readers. @param share 0 to 1 */
export function cellBar(share: number): Html {
  return html`<svg class="cell" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar" x="0" y="0" width="${rounded(100 * inRange(share))}" height="4" />
  </svg>`;
}

const nearShare = 0.8;

/** How much of a limit is used. @param words The same in words. */
export function meter(words: string, { used, most }: { used: number; most: number }): Html {
  const share = most > 0 ? used / most : 1;
  const state = share >= 1 ? 'over' : share >= nearShare ? 'near' : '';
  return html`<svg
    class="meter"
    viewBox="0 0 100 4"
    preserveAspectRatio="none"
    role="img"
    aria-label="${words}"
  >
    <rect class="back" x="0" y="0" width="100" height="4" />
    <rect class="used ${state}" x="0" y="0" width="${rounded(100 * inRange(share))}" height="4" />
  </svg>`;
}

function inRange(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
