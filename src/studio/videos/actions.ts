import { html } from 'hono/html';
import { hasEnded } from '../../serve/videos/video-object.ts';
import type { Shown } from '../components/expected.ts';
import { time } from '../components/time.ts';
import type { Html } from '../page/layout.ts';
import type { StudioPorts } from '../ports.ts';
import { inLanguage } from '../texts/in-language.ts';
import { videoTexts } from '../texts/video.ts';
import type { StudioVideo } from './read-video.ts';
import { shortId } from './short-id.ts';
import { temporalUiLink, videoPath } from './video-paths.ts';

/** What a person can do with a video. */
export function actionsCard(
  { videoId, status, run, request }: StudioVideo,
  ports: Pick<StudioPorts, 'temporalUi' | 'namespace'>,
  { lang }: Shown,
): Html {
  const texts = inLanguage(videoTexts, lang);
  const isOpen = !hasEnded(status);
  const mayKeep = isOpen && status.billed !== 'no' && status.cancellation?.outcome !== 'kept';
  const temporal = temporalUiLink(ports, { videoId, runId: run?.runId });
  return html`<section class="card" aria-labelledby="actions">
    <h2 id="actions">${texts.actions}</h2>
    <div class="row">
      ${
        request
          ? html`<a class="button" href="/studio/new?from=${encodeURIComponent(videoId)}"
              >${texts.again}</a
            >`
          : ''
      }
      ${
        mayKeep
          ? html`<form method="post" action="${videoPath(videoId, 'keep')}">
              <button aria-describedby="keep-hint">${texts.keep}</button>
            </form>`
          : ''
      }
      ${
        isOpen
          ? html`<a class="button danger" href="${videoPath(videoId, 'cancel')}"
              >${texts.cancel}</a
            >`
          : ''
      }
    </div>
    ${mayKeep ? html`<p class="soft" id="keep-hint">${texts.keepHint}</p>` : ''}
    ${
      temporal === null
        ? ''
        : html`<p><a href="${temporal}" rel="noreferrer" target="_blank">${texts.temporal}</a></p>`
    }
  </section>`;
}

/** The takes that failed at no cost before this one, and the other takes of the same request. */
export function takesCard({ status, takes }: StudioVideo, { lang }: Shown): Html {
  const texts = inLanguage(videoTexts, lang);
  const { failedTakes = [] } = status;
  if (failedTakes.length === 0 && takes.length === 0) return html``;
  return html`<section class="card" aria-labelledby="takes">
    <h2 id="takes">${texts.takes}</h2>
    <ol>
      ${failedTakes.map(
        ({ jobId, kind, message, failedAt }) =>
          html`<li>
            <code>${jobId}</code> · <code>${kind}</code> · ${time(failedAt)}<br />${message}
          </li>`,
      )}
    </ol>
    ${takes.length === 0 ? '' : html`<h3>${texts.otherTakes}</h3>`}
    <ul class="plain">
      ${takes.map((id) => html`<li><a href="${videoPath(id)}">${shortId(id)}</a></li>`)}
    </ul>
  </section>`;
}
