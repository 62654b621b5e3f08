import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';

/** A time in UTC. The script shows it in the time zone of the browser. @param iso ISO 8601 */
export function time(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** The same with seconds. @param iso ISO 8601 */
export function exactTime(iso: string): Html {
  return html`<time datetime="${iso}" data-seconds
    >${iso.slice(0, 19).replace('T', ' ')} UTC</time
  >`;
}
