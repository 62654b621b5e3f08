import { html } from 'hono/html';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { spendTexts } from '../texts/spend.ts';

const views = { paid: '/studio/spend', caps: '/studio/spend/caps' } as const;

/** Links between the pages about money. */
export function spendViews(current: keyof typeof views, lang: Lang): Html {
  const texts = inLanguage(spendTexts, lang);
  return html`<nav class="tabs" aria-label="${texts.views}">
    ${(['paid', 'caps'] as const).map(
      (view) =>
        html`<a href="${views[view]}" ${view === current ? html`aria-current="page"` : ''}
          >${texts[view]}</a
        >`,
    )}
  </nav>`;
}
