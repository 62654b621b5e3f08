import { html } from 'hono/html';
import type { LedgerTotal } from '../../contract/ledger.ts';
import { cellBar } from '../components/charts.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { spendTexts } from '../texts/spend.ts';
import { chargedText, costText, unknownText } from './spend-words.ts';

/** Sums by name, with a bar in each row. @param name Of the first column. */
export function totalsTable(
  totals: readonly LedgerTotal[],
  { name, caption, lang }: { name: string; caption: string; lang: Lang },
): Html {
  const texts = inLanguage(spendTexts, lang);
  const most = Math.max(1, ...totals.map(({ jobs }) => jobs));
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption class="sr">
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${name}</th>
          <th scope="col" class="number">${texts.jobs}</th>
          <th scope="col" class="number">${texts.billed}</th>
          <th scope="col" class="number">${texts.maybe}</th>
          <th scope="col" class="number">${texts.notBilled}</th>
          <th scope="col" class="number">${texts.reserved}</th>
          <th scope="col" class="number">${texts.settled}</th>
          <th scope="col" class="number">${texts.charged}</th>
          <th scope="col">${texts.unknown}</th>
        </tr>
      </thead>
      <tbody>
        ${totals.map((total) => rowOf(total, { most, lang }))}
      </tbody>
    </table>
  </div>`;
}

function rowOf(total: LedgerTotal, { most, lang }: { most: number; lang: Lang }): Html {
  const { name, jobs, billed, reserved, settled } = total;
  return html`<tr>
    <th scope="row" class="named">${name}${cellBar(jobs / most)}</th>
    <td class="number">${jobs}</td>
    <td class="number">${billed.yes}</td>
    <td class="number">${billed.maybe}</td>
    <td class="number">${billed.no}</td>
    <td class="number">${costText(reserved, lang)}</td>
    <td class="number">${costText(settled, lang)}</td>
    <td class="number">${chargedText(total, lang)}</td>
    <td class="wide">${unknownText(total, lang)}</td>
  </tr>`;
}
