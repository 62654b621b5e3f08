import { html } from 'hono/html';
import { htmlDocument } from '../page/html-document.ts';
import type { Html } from '../page/layout.ts';
import { accessTexts } from '../texts/access.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';

const command = 'onetake keys create <tenant> --operator';

/** The form that signs a browser in. @param next Where it leads. @param fault Why the last attempt was refused. */
export function loginPage(lang: Lang, { next, fault }: { next: string; fault?: string }): Html {
  const texts = inLanguage(accessTexts, lang);
  const body = html`${fault === undefined ? '' : html`<p class="notice bad" role="alert">${fault}</p>`}
    <p>${texts.intro}</p>
    <form class="below" method="post" action="/studio/login">
      <input type="hidden" name="next" value="${next}" />
      <input hidden name="username" value="operator" autocomplete="username" />
      <p class="field">
        <label for="key">${texts.key}</label>
        <input
          id="key"
          name="key"
          type="password"
          autocomplete="current-password"
          spellcheck="false"
          required
          autofocus
        />
      </p>
      <button class="main">${texts.signIn}</button>
    </form>
    <p class="soft">${texts.makeKey} <code>${command}</code></p>`;
  return frame(lang, { title: texts.signIn, body });
}

/**
 * A page that continues by itself. Browsers do not send the cookie of a session when a link of another site is followed, but
 * they send it when this page continues, so a link in a chat opens the studio without a second login.
 */
export function followPage(lang: Lang, next: string): Html {
  const texts = inLanguage(accessTexts, lang);
  const head = html`<meta http-equiv="refresh" content="0; url=${next}" />`;
  const body = html`<p><a href="${next}">${texts.follow}</a></p>`;
  return frame(lang, { title: texts.opening, body, head });
}

/** Without the menu: its pages need the login. */
function frame(
  lang: Lang,
  { title, body, head = html`` }: { title: string; body: Html; head?: Html },
): Html {
  const framed = html`<body>
    <main id="content" class="login">
      <h1>${title}</h1>
      ${body}
    </main>
  </body>`;
  return htmlDocument(lang, { title, head, body: framed });
}
