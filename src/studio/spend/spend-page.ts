import { html } from 'hono/html';
import { entriesCsv } from '../../manifest/ledger-text.ts';
import type { LedgerTotal } from '../../contract/ledger.ts';
import { barChart, type Bar } from '../components/charts.ts';
import { facts } from '../components/facts.ts';
import { moneyText } from '../components/money.ts';
import { time } from '../components/time.ts';
import { csvDownload } from '../page/csv-download.ts';
import { inTime } from '../page/in-time.ts';
import type { Html } from '../page/layout.ts';
import type { AddPages } from '../studio-app.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { spendTexts } from '../texts/spend.ts';
import { createSpendReader, periods, type Period, type Spend } from './read-spend.ts';
import { chargedText, costText, unknownText } from './spend-words.ts';
import { spendViews } from './spend-views.ts';
import { totalsTable } from './totals-table.ts';

/** What was paid, by day, model, tag and tenant. */
export const spendPages: AddPages = (app, { ports, livePage }) => {
  const read = createSpendReader(ports);
  livePage('/spend', async (context) => {
    const lang = context.get('lang');
    const texts = inLanguage(spendTexts, lang);
    const period = periodOf(context.req.query('days'));
    const spend = await inTime(read(period));
    const hasJobs = spend !== null && spend.entries.length > 0;
    return {
      title: texts.title,
      section: 'spend',
      regions: [
        { id: 'views', html: html`${spendViews('paid', lang)}${periodLinks(period, lang)}` },
        {
          id: 'sum',
          html: spend ? sumOf(spend, lang) : html`<p class="notice busy">${texts.reading}</p>`,
        },
        { id: 'days', html: hasJobs ? daysOf(spend, lang) : html`` },
        { id: 'groups', html: hasJobs ? groupsOf(spend, lang) : html`` },
      ],
    };
  });
  app.get('/spend.csv', async (context) => {
    const period = periodOf(context.req.query('days'));
    const { entries } = await read(period);
    return csvDownload(context, { fileName: `spend-${period}-days.csv`, csv: entriesCsv(entries) });
  });
};

function periodOf(text: string | undefined): Period {
  return periods.find((days) => String(days) === text) ?? 30;
}

function periodLinks(current: Period, lang: Lang): Html {
  const texts = inLanguage(spendTexts, lang);
  return html`<div class="row spread below">
    <nav class="row" aria-label="${texts.period}">
      ${periods.map(
        (days) =>
          html`<a
            class="button quiet"
            href="/studio/spend?days=${days}"
            ${days === current ? html`aria-current="page"` : ''}
            >${texts.lastDays(days)}</a
          >`,
      )}
    </nav>
    <a class="button" href="/studio/spend.csv?days=${current}" download>${texts.download}</a>
  </div>`;
}

function sumOf({ all, readAt, problem }: Spend, lang: Lang): Html {
  const texts = inLanguage(spendTexts, lang);
  const warning =
    problem === null ? '' : html`<p class="notice warn">${texts.storageOnly(problem)}</p>`;
  if (all.jobs === 0)
    return html`${warning}
      <p class="empty">${texts.nothing}</p>`;
  const { jobs, billed, reserved, settled } = all;
  const missing = unknownText(all, lang);
  return html`${warning}
    <section class="card">
      ${facts([
        [texts.jobs, moneyText(jobs)],
        [texts.billed, moneyText(billed.yes)],
        [texts.maybe, billed.maybe === 0 ? null : moneyText(billed.maybe)],
        [texts.notBilled, billed.no === 0 ? null : moneyText(billed.no)],
        [texts.charged, chargedText(all, lang) || null],
        [texts.settled, costText(settled, lang)],
        [texts.reserved, costText(reserved, lang)],
        [texts.unknown, missing === '' ? null : missing],
        [texts.readAt, time(new Date(readAt).toISOString())],
      ])}
      <p class="soft">${texts.chargedHint}</p>
    </section>`;
}

function daysOf({ all, days }: Spend, lang: Lang): Html {
  const texts = inLanguage(spendTexts, lang);
  const isCharged = all.charged.jobs > 0;
  const moneyOf = (total: LedgerTotal) => (isCharged ? total.charged.money : total.settled.money);
  const money = days.map((total) => ({
    label: total.name,
    value: moneyOf(total),
    text: `${total.name}: ${moneyText(moneyOf(total))}`,
  }));
  const jobs = days.map(({ name, billed }) => ({
    label: name,
    value: billed.yes,
    maybe: billed.maybe,
    text: `${name}: ${texts.billed} ${billed.yes}, ${texts.maybe} ${billed.maybe}`,
  }));
  return html`<h2>${texts.byDay}</h2>
    <div class="columns even">
      ${
        money.some(({ value }) => value > 0)
          ? chartOf(money, {
              id: 'money-chart',
              title: isCharged ? texts.chargedChart : texts.settledChart,
              lang,
            })
          : ''
      }
      ${chartOf(jobs, { id: 'jobs-chart', title: texts.jobsChart, lang })}
    </div>
    <details id="days-table">
      <summary>${texts.asTable}</summary>
      ${totalsTable(days.toReversed(), { name: texts.day, caption: texts.byDay, lang })}
    </details>`;
}

function chartOf(
  bars: readonly Bar[],
  { id, title, lang }: { id: string; title: string; lang: Lang },
): Html {
  const texts = inLanguage(spendTexts, lang);
  const height = ({ value, maybe = 0 }: Bar) => value + maybe;
  const top = bars.toSorted((one, other) => height(other) - height(one)).at(0);
  const most = top ? height(top) : 0;
  const description =
    top && most > 0
      ? texts.chartText(bars.length, moneyText(most), top.label)
      : texts.flatChart(bars.length);
  const words = { id, title, description, highest: texts.mostWords(moneyText(most)) };
  return html`<div class="card">${barChart(bars, words)}</div>`;
}

function groupsOf({ models, tags, tenants }: Spend, lang: Lang): Html {
  const texts = inLanguage(spendTexts, lang);
  const group = (caption: string, name: string, totals: readonly LedgerTotal[]) =>
    totals.length === 0
      ? ''
      : html`<h2>${caption}</h2>
          ${totalsTable(totals, { name, caption, lang })}`;
  return html`${group(texts.byModel, texts.model, models)}
  ${group(texts.byTag, texts.tag, tags)}${tags.length === 0 ? '' : html`<p class="soft">${texts.tagHint}</p>`}
  ${group(texts.byTenant, texts.tenant, tenants)}`;
}
