import { html } from 'hono/html';
import type { Billed } from '../../contract/failure.ts';
import type { VideoPhase } from '../../contract/messages.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage, type Lang } from '../texts/in-language.ts';
import { billedTexts, phaseTexts } from '../texts/phases.ts';

const tones: Readonly<Record<VideoPhase, string>> = {
  waiting: 'calm',
  submitting: 'busy',
  unresolved: 'warn',
  queued: 'busy',
  running: 'busy',
  overdue: 'warn',
  delivering: 'busy',
  stored: 'good',
  failed: 'bad',
  cancelled: 'calm',
};

/** The phase of a video: a word and a colour, never a colour alone. */
export function phaseBadge(phase: VideoPhase, lang: Lang): Html {
  return html`<span class="badge ${tones[phase]}">${inLanguage(phaseTexts, lang)[phase]}</span>`;
}

const billedTones: Readonly<Record<Billed, string>> = { no: 'calm', yes: 'good', maybe: 'warn' };

/** Whether a video is billed. */
export function billedBadge(billed: Billed, lang: Lang): Html {
  return html`<span class="badge ${billedTones[billed]}"
    >${inLanguage(billedTexts, lang)[billed]}</span
  >`;
}
