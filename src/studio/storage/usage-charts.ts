import { html } from 'hono/html';
import type { StorageUsage } from '../../storage/records/storage-usage.ts';
import { bytesText } from '../components/bytes.ts';
import { barChart, cellBar } from '../components/charts.ts';
import { table } from '../components/table.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { storageTexts } from '../texts/storage.ts';

const chartDays = 30;
/** All are in `onetake storage --json`. */
const shownDays = 90;
const dayMs = 86_400_000;

/** What was stored on each of the last days. */
export function usageByDay(
  { byDay }: StorageUsage,
  { lang, nowMs }: { lang: Lang; nowMs: number },
): Html {
  const texts = inLanguage(storageTexts, lang);
  if (byDay.length === 0) return html`<p class="empty">${texts.empty}</p>`;
  const sizes = new Map(byDay.map(({ day, sizeBytes }) => [day, sizeBytes]));
  const bars = Array.from({ length: chartDays }, (_, index) => {
    const at = nowMs - (chartDays - 1 - index) * dayMs;
    const label = new Date(at).toISOString().slice(0, 10);
    const value = sizes.get(label) ?? 0;
    return { label, value, text: `${label}: ${bytesText(value)}` };
  });
  const top = bars.toSorted((one, other) => other.value - one.value).at(0);
  const isFlat = !top || top.value === 0;
  const older = byDay.length - shownDays;
  return html`<h2>${texts.byDay}</h2>
    <div class="card">
      ${barChart(bars, {
        id: 'days-chart',
        title: texts.dayChart,
        description: isFlat ? texts.flatChart : texts.chartText(bytesText(top.value), top.label),
        highest: texts.most(bytesText(top?.value ?? 0)),
      })}
    </div>
    <details id="days-table">
      <summary>${texts.asTable}</summary>
      ${usageTable(byDay.slice(0, shownDays), {
        name: texts.day,
        caption: texts.byDay,
        lang,
        nameOf: ({ day }) => day,
      })}
      ${older > 0 ? html`<p class="soft">${texts.moreDays(older)}</p>` : ''}
    </details>`;
}

/** What is stored of each model. */
export function usageByModel({ byModel }: StorageUsage, lang: Lang): Html {
  if (byModel.length === 0) return html``;
  const texts = inLanguage(storageTexts, lang);
  return usageTable(byModel, {
    name: texts.model,
    caption: texts.byModel,
    lang,
    nameOf: ({ model }) => (model === 'unknown' ? texts.unknownModel : model),
  });
}

interface Row {
  count: number;
  sizeBytes: number;
}

interface UsageTable<T> {
  name: string;
  caption: string;
  lang: Lang;
  nameOf: (row: T) => string;
}

function usageTable<T extends Row>(rows: readonly T[], options: UsageTable<T>): Html {
  const { name, caption, lang, nameOf } = options;
  const texts = inLanguage(storageTexts, lang);
  const most = Math.max(1, ...rows.map(({ sizeBytes }) => sizeBytes));
  return table(
    [
      { title: name },
      { title: texts.videos, isNumber: true },
      { title: texts.size, isNumber: true },
    ],
    rows.map((row) => [
      html`${nameOf(row)}${cellBar(row.sizeBytes / most)}`,
      row.count,
      bytesText(row.sizeBytes),
    ]),
    { caption },
  );
}
