import { html } from 'hono/html';
import type { RetentionInput } from '../../contract/retention.ts';
import { videoPrefix } from '../../identity/object-key.ts';
import { bytesText } from '../components/bytes.ts';
import { meter } from '../components/charts.ts';
import { facts } from '../components/facts.ts';
import { time } from '../components/time.ts';
import { words } from '../components/words.ts';
import { inTime } from '../page/in-time.ts';
import type { Html } from '../page/layout.ts';
import type { AddPages } from '../studio-app.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { storageTexts } from '../texts/storage.ts';
import { createStorageReader, type StorageView } from './read-storage.ts';
import { usageByDay, usageByModel } from './usage-charts.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const counts = new Intl.NumberFormat('en-US');

/** What is stored, how much space is left, and what deletes old videos. Deleting is done in a terminal. */
export const storagePages: AddPages = (_app, { ports, livePage }) => {
  const read = createStorageReader(ports);
  livePage('/storage', async (context) => {
    const lang = context.get('lang');
    const texts = inLanguage(storageTexts, lang);
    const view = await inTime(read('all'));
    const shown = (make: (known: StorageView) => Html) => (view ? make(view) : html``);
    return {
      title: texts.title,
      section: 'storage',
      regions: [
        {
          id: 'usage',
          html: view
            ? usageOf(view, ports.storage.uriOf(videoPrefix.replace(/\/$/, '')), lang)
            : html`<p class="notice busy">${texts.reading}</p>`,
        },
        {
          id: 'days',
          html: shown(({ usage, readAt }) => usageByDay(usage, { lang, nowMs: readAt })),
        },
        { id: 'models', html: shown(({ usage }) => usageByModel(usage, lang)) },
        { id: 'rule', html: shown((known) => ruleOf(known, lang)) },
        { id: 'leftovers', html: shown((known) => leftoversOf(known, lang)) },
      ],
    };
  });
};

function usageOf({ usage, readAt }: StorageView, place: string, lang: Lang): Html {
  const texts = inLanguage(storageTexts, lang);
  const { count, sizeBytes, oldest, space } = usage;
  return html`${space?.nearlyFull ? html`<p class="notice bad">${texts.nearlyFull}</p>` : ''}
    <section class="card">
      ${facts([
        [texts.place, html`<code>${place}</code>`],
        [texts.videos, texts.videosWords(counts.format(count), bytesText(sizeBytes))],
        [texts.oldest, oldest === undefined ? null : time(oldest)],
        [texts.disk, space && diskOf(space, lang)],
        [texts.readAt, time(new Date(readAt).toISOString())],
      ])}
    </section>`;
}

function diskOf(
  { freeBytes, totalBytes }: { freeBytes: number; totalBytes: number },
  lang: Lang,
): Html {
  const texts = inLanguage(storageTexts, lang);
  const used = totalBytes - freeBytes;
  const label = texts.diskLabel(bytesText(used), bytesText(totalBytes));
  const free = texts.diskWords(bytesText(freeBytes), bytesText(totalBytes));
  return html`${free} ${meter(label, { used, most: totalBytes })}`;
}

function ruleOf({ rule, ruleProblem }: StorageView, lang: Lang): Html {
  const texts = inLanguage(storageTexts, lang);
  const body =
    ruleProblem === null
      ? html`${rule ? ruleWords(rule, lang) : html`<p>${texts.ruleNone}</p>`}
          <pre>
${rule ? 'onetake storage prune --stop' : 'onetake storage prune --older-than 30d --every 1d --yes'}</pre>`
      : html`<p class="notice warn">${texts.ruleUnread(ruleProblem)}</p>`;
  return html`<section class="card">
    <h2>${texts.rule}</h2>
    ${body}
    <p class="below-code">${words(texts.deletePreview)}</p>
    <pre>onetake storage prune --older-than 30d</pre>
  </section>`;
}

function ruleWords({ olderThanMs, tag, model }: RetentionInput, lang: Lang): Html {
  const texts = inLanguage(storageTexts, lang);
  const age =
    olderThanMs % dayMs === 0
      ? texts.days(counts.format(olderThanMs / dayMs))
      : texts.hours(counts.format(olderThanMs / hourMs));
  const parts = [
    texts.ruleWords(age),
    ...(tag === undefined ? [] : [texts.ruleTag(tag)]),
    ...(model === undefined ? [] : [texts.ruleModel(model)]),
  ];
  return html`<p>${texts.ruleSentence(parts)}</p>
    <p>${texts.ruleStop}</p>`;
}

function leftoversOf({ usage }: StorageView, lang: Lang): Html {
  const texts = inLanguage(storageTexts, lang);
  const { count, sizeBytes } = usage.temporary;
  return html`<section class="card">
    <h2>${texts.leftovers}</h2>
    <p>
      ${
        count === 0
          ? texts.noLeftovers
          : texts.leftoversWords(counts.format(count), bytesText(sizeBytes))
      }
    </p>
    ${
      count === 0
        ? ''
        : html`<p>${texts.leftoversHint}</p>
            <pre>onetake storage clean</pre>`
    }
  </section>`;
}
