import { html } from 'hono/html';
import type { ManifestError, Problem } from '../../manifest/manifest-error.ts';
import { table } from '../components/table.ts';
import type { Html } from '../page/layout.ts';
import { batchFormTexts } from '../texts/batch-form.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';

/** More make a page that no browser scrolls well. The rest is counted. */
const mostShown = 5_000;
const mostCharacters = 120;

/** All errors of a file by line, each with the value that is wrong. It has the focus. */
export function problemTable(error: ManifestError, lang: Lang): Html {
  const texts = inLanguage(batchFormTexts, lang);
  const { all, file } = error;
  const rest = all.length - mostShown;
  const rows = all
    .slice(0, mostShown)
    .map((problem) => [
      problem.line ?? texts.wholeFile,
      placeHtml(problem, error.textIn(problem)),
      problem.message,
    ]);
  const columns = [
    { title: texts.line },
    { title: texts.column },
    { title: texts.problem, isText: true as const },
  ];
  return html`<div class="notice bad" role="alert" tabindex="-1" data-autofocus>
      <p><strong>${texts.problems(all.length, file)}</strong></p>
      <p>${texts.problemsAdvice}</p>
    </div>
    ${table(columns, rows, { caption: texts.caption, id: 'problems' })}
    ${rest > 0 ? html`<p>${texts.more(rest)}</p>` : ''}`;
}

/** The column, and what is in it. */
function placeHtml({ field }: Problem, text = ''): Html | string {
  if (field === undefined) return '';
  const cut = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
  return html`<code>${field}</code>${text === '' ? '' : html`<br /><q>${cut}</q>`}`;
}
