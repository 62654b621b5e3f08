import { html } from 'hono/html';
import { tenantOf } from '../../identity/tenant-video.ts';
import { bytesText } from '../components/bytes.ts';
import { facts, type Fact } from '../components/facts.ts';
import type { Shown } from '../components/expected.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage } from '../texts/in-language.ts';
import { videoTexts } from '../texts/video.ts';
import type { StudioVideo } from './read-video.ts';

/** Fields of the body that are facts of their own. */
const ownFields = new Set(['model', 'prompt']);
/** Longer values, such as pictures in data URIs, are cut. */
const shownCharacters = 300;

/** The request as it was started. */
export function askedCard(video: StudioVideo, { lang }: Shown): Html {
  const texts = inLanguage(videoTexts, lang);
  const { request, memo, videoId, status } = video;
  const prompt = request?.body.prompt ?? memo.prompt;
  const rows: Fact[] = [
    [texts.model, status.model ?? orNull(memo.model)],
    ...Object.entries(request?.body ?? {})
      .filter(([name]) => !ownFields.has(name))
      .map(([name, value]): Fact => [name, html`<code>${valueText(value)}</code>`]),
    [texts.tags, memo.tags.length > 0 ? memo.tags.join(', ') : null],
    [texts.tenant, tenantOf(videoId)],
    [texts.format, request ? html`<code>${request.format}</code>` : null],
    [texts.id, html`<code>${videoId}</code>`],
  ];
  return html`<section class="card" aria-labelledby="asked">
    <h2 id="asked">${texts.asked}</h2>
    ${
      request || memo.model !== ''
        ? html`<p class="prompt">${prompt ?? texts.noPrompt}</p>`
        : html`<p class="soft">${texts.unknownRequest}</p>`
    }
    ${facts(rows)} ${warningList(video, texts.warnings)}
  </section>`;
}

/** Warnings of the request: what the gateway changes or drops. */
function warningList({ status }: StudioVideo, title: string): Html | '' {
  const { warnings = [] } = status;
  if (warnings.length === 0) return '';
  return html`<h3>${title}</h3>
    <ul>
      ${warnings.map(({ field, message }) => html`<li><code>${field}</code>: ${message}</li>`)}
    </ul>`;
}

/** The file that was made, and how it differs from the request. */
export function madeCard({ status }: StudioVideo, { lang }: Shown): Html {
  const texts = inLanguage(videoTexts, lang);
  const { video: file, jobId } = status;
  const job: Fact = [texts.job, jobId === undefined ? null : html`<code>${jobId}</code>`];
  const rows: Fact[] = file
    ? [
        [texts.size, `${file.width} × ${file.height}`],
        [texts.length, texts.seconds(String(Number(file.durationSeconds.toFixed(2))))],
        [texts.sound, file.hasAudio ? texts.withSound : texts.withoutSound],
        [texts.fileSize, html`${bytesText(file.sizeBytes)} · <code>${file.contentType}</code>`],
        ['SHA-256', html`<code>${file.sha256}</code>`],
        [texts.differences, differences(file.warnings, texts.none)],
        job,
      ]
    : [job];
  return html`<section class="card" aria-labelledby="made">
    <h2 id="made">${texts.made}</h2>
    ${file ? '' : html`<p class="soft">${texts.notMade}</p>`} ${facts(rows)}
  </section>`;
}

function differences(warnings: readonly string[], none: string): Html | string {
  if (warnings.length === 0) return none;
  return html`<ul class="plain">
    ${warnings.map((warning) => html`<li>${warning}</li>`)}
  </ul>`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
