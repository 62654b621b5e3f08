import type { Makes } from '../../contract/models/merge-findings.ts';
import type { PriceSource } from '../../contract/price/price-book.ts';
import type { ApproveTexts } from './approve-texts.ts';

/** `5 s, 720p, 16:9, with sound` */
export function madeWords(
  { seconds, resolution, ratio, audio }: Makes,
  texts: ApproveTexts,
): string {
  const sound =
    audio === 'depends' ? audio : audio === null ? null : audio ? texts.soundOn : texts.soundOff;
  const parts = [
    typeof seconds === 'number'
      ? joined(String(seconds), texts.seconds)
      : open(texts, texts.length, seconds),
    open(texts, texts.resolution, resolution),
    open(texts, texts.ratio, ratio),
    open(texts, texts.sound, sound),
  ].filter((part) => part !== null);
  return parts.length === 0 ? texts.notKnown : parts.join(texts.comma);
}

/** `image: first frame` */
export function mediaWords({ media }: Makes, texts: ApproveTexts): string[] {
  const roles: Record<string, string> = {
    first_frame: texts.firstFrame,
    last_frame: texts.lastFrame,
    reference: texts.reference,
    video: texts.video,
    audio: texts.audio,
    depends: texts.depends,
  };
  return media.map(({ field, role }) => {
    return `${field}: ${Object.hasOwn(roles, role) ? roles[role] : role}`;
  });
}

/** Where a price comes from. */
export function priceWords({ from, date }: PriceSource, texts: ApproveTexts): string {
  if (from === 'GATEWAY_PRICES') return texts.priceOwn;
  const words = from === 'gateway' ? texts.priceListed : texts.priceRecorded;
  return words.replace('$', date ?? '?');
}

function joined(number: string, unit: string): string {
  return unit.startsWith(' ') ? number + unit : `${number} ${unit}`;
}

/** Without a value that the request decides. */
function open(texts: ApproveTexts, what: string, value: string | null): string | null {
  if (value === 'depends') return `${what} ${texts.depends}`;
  return value === 'auto' || value === 'adaptive' ? `${what} ${texts.auto}` : value;
}
