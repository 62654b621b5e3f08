import { html } from 'hono/html';
import type { AdmissionStatus, Spent } from '../../contract/admission.ts';
import { nothingSpent } from '../../contract/admission-scopes.ts';
import type { SpendCaps } from '../../contract/messages.ts';
import { limitUnits } from '../../contract/read-limits.ts';
import { meter } from '../components/charts.ts';
import { moneyText } from '../components/money.ts';
import type { Html } from '../page/layout.ts';
import { capsTexts } from '../texts/caps.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';

interface Scope {
  name: string;
  caps: SpendCaps;
  /** Null for caps of each batch or run: those have counts of their own. */
  spent: Spent | null;
}

/** All caps, with what is spent and what is left. @param day Today, `YYYY-MM-DD` in UTC. */
export function capsTable(
  { limits, spent }: AdmissionStatus,
  { day, lang }: { day: string; lang: Lang },
): Html {
  const texts = inLanguage(capsTexts, lang);
  const { perDay, perTag = {}, perBatch, perRun } = limits;
  const scopes: Scope[] = [
    ...(perDay
      ? [{ name: texts.scopeDay, caps: perDay, spent: spent[`day/${day}`] ?? nothingSpent }]
      : []),
    ...Object.entries(perTag).map(([tag, caps]) => ({
      name: texts.scopeTag(tag),
      caps,
      spent: spent[`tag/${day}/${tag}`] ?? nothingSpent,
    })),
    ...(perBatch ? [{ name: texts.scopeBatch, caps: perBatch, spent: null }] : []),
    ...(perRun ? [{ name: texts.scopeRun, caps: perRun, spent: null }] : []),
  ];
  const rows = scopes.flatMap((scope) => rowsOf(scope, lang));
  if (rows.length === 0) return html`<p>${texts.noCaps}</p>`;
  return html`<div class="table" tabindex="0" role="region" aria-label="${texts.caps}">
    <table>
      <thead>
        <tr>
          <th scope="col">${texts.limit}</th>
          <th scope="col" class="number">${texts.cap}</th>
          <th scope="col">${texts.used}</th>
          <th scope="col" class="number">${texts.left}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function rowsOf({ name, caps, spent }: Scope, lang: Lang): Html[] {
  const texts = inLanguage(capsTexts, lang);
  return limitUnits.flatMap((unit) => {
    const most = caps[unit];
    if (most === undefined) return [];
    const cap = texts.units(unit, moneyText(most));
    if (spent === null) {
      return html`<tr>
        <th scope="row">${name}</th>
        <td class="number">${cap}</td>
        <td>${texts.each}</td>
        <td></td>
      </tr>`;
    }
    const used = spent[unit];
    const words = texts.usedWords(moneyText(used), cap);
    return html`<tr>
      <th scope="row">${name}</th>
      <td class="number">${cap}</td>
      <td>${words} ${meter(`${name}: ${words}`, { used, most })}</td>
      <td class="number">${moneyText(Math.max(0, most - used))}</td>
    </tr>`;
  });
}
