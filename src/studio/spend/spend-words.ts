import type { LedgerTotal } from '../../contract/ledger.ts';
import type { Spent } from '../../contract/admission.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { spendTexts } from '../texts/spend.ts';

const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 });

/** `1,234.5` */
export function amount(value: number): string {
  return numbers.format(value);
}

/** `64 s · 1.2`; seconds, then money if there is any. */
export function costText({ seconds, money }: Spent, lang: Lang): string {
  const texts = inLanguage(spendTexts, lang);
  return [texts.seconds(amount(seconds)), ...(money > 0 ? [amount(money)] : [])].join(' · ');
}

/** `0.56 (of 4 jobs)`; empty if no charge is known. */
export function chargedText({ charged }: LedgerTotal, lang: Lang): string {
  if (charged.jobs === 0) return '';
  return `${amount(charged.money)} (${inLanguage(spendTexts, lang).ofJobs(charged.jobs)})`;
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
