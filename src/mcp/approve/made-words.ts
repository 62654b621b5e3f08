import type { Makes } from '../../contract/models/merge-findings.ts';
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
  return parts.length === 0 ? texts.notKnown : parts.join(', ');
}

/** `image: first frame` */
export function mediaWords({ media }: Makes): string[] {
  return media.map(({ field, role }) => `${field}: ${role.replaceAll('_', ' ')}`);
}

function joined(number: string, unit: string): string {
  return unit.startsWith(' ') ? number + unit : `${number} ${unit}`;
}

/** Without a value that the request decides. */
function open(texts: ApproveTexts, what: string, value: string | null): string | null {
  if (value === 'depends') return `${what} ${texts.depends}`;
  return value === 'auto' || value === 'adaptive' ? `${what} ${texts.auto}` : value;
}
