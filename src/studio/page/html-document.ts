import { html } from 'hono/html';
import { assetPath } from '../assets.ts';
import type { Lang } from '../texts/in-language.ts';
import type { Html } from './layout.ts';

/** What all pages have around their body. */
export function htmlDocument(
  lang: Lang,
  { title, head, body }: { title: string; head: Html; body: Html },
): Html {
  return html`<!doctype html>
    <html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${head}
        <title>${title} · onetake</title>
        <link rel="stylesheet" href="${assetPath('studio.css')}" />
        <link rel="icon" href="${assetPath('icon.svg')}" type="image/svg+xml" />
      </head>
      ${body}
    </html>`;
}
