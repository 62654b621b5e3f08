import type { LedgerTotal } from '../../contract/ledger.ts';
import type { Spent } from '../../contract/admission.ts';
import { moneyText } from '../components/money.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { spendTexts } from '../texts/spend.ts';

/** `64 s · 1.2`; seconds, then money if there is any. */
export function costText({ seconds, money }: Spent, lang: Lang): string {
  const texts = inLanguage(spendTexts, lang);
  return [texts.seconds(moneyText(seconds)), ...(money > 0 ? [moneyText(money)] : [])].join(' · ');
}

/** `0.56 (of 4 jobs)`; empty if no charge is known. */
export function chargedText({ charged }: LedgerTotal, lang: Lang): string {
  if (charged.jobs === 0) return '';
  return `${moneyText(charged.money)} (${inLanguage(spendTexts, lang).ofJobs(charged.jobs)})`;
}

/** What the sums of a row lack. */
export function unknownText({ untold }: LedgerTotal, lang: Lang): string {
  const texts = inLanguage(spendTexts, lang);
  return [
    ...(untold.seconds > 0 ? [texts.noLength(untold.seconds)] : []),
    ...(untold.money > 0 ? [texts.noPrice(untold.money)] : []),
    ...(untold.charge > 0 ? [texts.noCharge(untold.charge)] : []),
  ].join(', ');
}
