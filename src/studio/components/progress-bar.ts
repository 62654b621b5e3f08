import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** How much is done. @param label What is done, for screen readers. @param percent 0–100; null if unknown. */
export function progressBar(label: string, percent: number | null): Html {
  return percent === null
    ? html`<progress aria-label="${label}"></progress>`
    : html`<progress aria-label="${label}" max="100" value="${percent}">${percent}%</progress>`;
}
