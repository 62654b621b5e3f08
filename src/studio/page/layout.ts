import type { Context } from 'hono';
import { html } from 'hono/html';
import { assetPath } from '../assets.ts';
import { htmlDocument } from './html-document.ts';
import type { StudioEnv } from '../ports.ts';
import { commonTexts } from '../texts/common.ts';
import { inLanguage } from '../texts/in-language.ts';

/** Escaped HTML, of `html` in hono/html. */
export type Html = ReturnType<typeof html>;

/** The pages of the menu. */
export const sections = {
  videos: '/studio',
  newVideo: '/studio/new',
  decisions: '/studio/decisions',
  batches: '/studio/batches',
  schedules: '/studio/schedules',
  spend: '/studio/spend',
  storage: '/studio/storage',
  events: '/studio/events',
} as const;
/** One of {@link sections}. */
export type Section = keyof typeof sections;

/** A page without its frame. */
export interface PageContent {
  title: string;
  /** The page of the menu that it belongs to. */
  section?: Section;
  body: Html | Html[];
  /** Address of its stream of changes. */
  live?: string;
}

/** A whole page. */
export function layout(context: Context<StudioEnv>, { title, section, body, live }: PageContent) {
  const lang = context.get('lang');
  const texts = inLanguage(commonTexts, lang);
  const head = html`<script src="${assetPath('studio.js')}" type="module"></script>`;
  const framed = html`<body ${live === undefined ? '' : html`data-live="${live}"`}>
    <a class="skip" href="#content">${texts.skip}</a>
    <header class="top">
      <a class="brand" href="/studio"><img src="${assetPath('icon.svg')}" alt="" />onetake</a>
      ${menu(texts, section)}
      <div class="tools">
        ${
          live === undefined
            ? ''
            : html`<span
                class="live"
                aria-live="off"
                data-state="none"
                data-reconnecting="${texts.reconnecting}"
                data-disconnected="${texts.disconnected}"
                data-open="${texts.live}"
                data-problem="${texts.problem}"
                data-ended="${texts.ended}"
                data-gone="${texts.gone}"
              ></span>`
        }
        ${toolForms(context)}
      </div>
    </header>
    <main id="content" tabindex="-1">
      <h1>${title}</h1>
      ${body}
    </main>
  </body>`;
  return htmlDocument(lang, { title, head, body: framed });
}

function menu(texts: Record<Section | 'menu', string>, current: Section | undefined): Html {
  return html`<nav aria-label="${texts.menu}">
    <ul>
      ${Object.entries(sections).map(
        ([name, path]) =>
          html`<li>
            <a href="${path}" ${name === current ? html`aria-current="page"` : ''}
              >${texts[name as Section]}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** Choice of the language, and the end of the session. */
function toolForms(context: Context<StudioEnv>): Html {
  const lang = context.get('lang');
  const { otherLanguage, signOut } = inLanguage(commonTexts, lang);
  const other = lang === 'zh' ? 'en' : 'zh';
  const { pathname, search } = new URL(context.req.url);
  const { keyId }: Partial<StudioEnv['Variables']['tenant']> = context.get('tenant') ?? {};
  // The answer to a form has no address of its own, and what was typed would be lost.
  const mayChoose = context.req.method === 'GET';
  return html`${
    mayChoose
      ? html`<form method="post" action="/studio/language">
          <input type="hidden" name="lang" value="${other}" />
          <input type="hidden" name="back" value="${pathname}${search}" />
          <button class="quiet" lang="${other === 'zh' ? 'zh-CN' : 'en'}">${otherLanguage}</button>
        </form>`
      : ''
  }
  ${
    typeof keyId === 'string'
      ? html`<form method="post" action="/studio/logout">
          <button class="quiet">${signOut}</button>
        </form>`
      : ''
  }`;
}
