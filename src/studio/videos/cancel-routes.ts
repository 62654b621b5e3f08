import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { VideoClientError } from '../../client/video-client-error.ts';
import type { VideoSnapshot } from '../../client/video-client.ts';
import { hasEnded } from '../../serve/videos/video-object.ts';
import { hiddenFields } from '../components/form-field.ts';
import { readForm, seeOther } from '../page/form.ts';
import { layout } from '../page/layout.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import { inLanguage } from '../texts/in-language.ts';
import { videoTexts } from '../texts/video.ts';
import { shortId } from './short-id.ts';
import { videoPath } from './video-paths.ts';

/** A running worker ends a cancelled run within this time, unless a submit is under way. */
const cancelWaitMs = 3_000;

/** Cancels a video after a page that says what stays billed; or stores it without waiting. */
export function addCancelPages(app: Hono<StudioEnv>, ports: StudioPorts): void {
  app.get('/videos/:id/cancel', async (context) => {
    const videoId = context.req.param('id');
    const { status } = await ports.read(videoId, { isDetailed: true });
    return cancelPage(context, { ...status, videoId });
  });
  app.post('/videos/:id/cancel', async (context) => {
    const videoId = context.req.param('id');
    const shown = (await readForm(context)).get('costs');
    const { status } = await ports.read(videoId, { isDetailed: true });
    // The page does not follow the video: the gateway may have accepted the job meanwhile.
    if (!hasEnded(status) && shown !== cancelCosts(status)) {
      return cancelPage(context, { ...status, videoId }, { hasChanged: true });
    }
    await ports.videos.cancel(videoId);
    await ports.videos.wait(videoId, { timeoutMs: cancelWaitMs, untilClosed: true });
    return seeOther(context, videoPath(videoId));
  });
  app.post('/videos/:id/keep', async (context) => {
    const videoId = context.req.param('id');
    await ports.videos.keep(videoId).catch(unlessOver);
    return seeOther(context, videoPath(videoId));
  });
}

/** The page of the video says what it is now. */
function unlessOver(error: unknown): void {
  if (!(error instanceof VideoClientError) || error.kind !== 'wrong_phase') throw error;
}

/** What a cancellation costs, as a name of a text. */
function cancelCosts({
  billed,
  jobId,
}: VideoSnapshot): 'cancelBilled' | 'cancelFree' | 'cancelMaybe' {
  if (billed === 'yes' || jobId !== undefined) return 'cancelBilled';
  return billed === 'no' ? 'cancelFree' : 'cancelMaybe';
}

/** @param hasChanged The form was sent from a page that said something else. */
function cancelPage(
  context: Context<StudioEnv>,
  status: VideoSnapshot,
  { hasChanged = false }: { hasChanged?: boolean } = {},
) {
  const texts = inLanguage(videoTexts, context.get('lang'));
  const { videoId } = status;
  const back = html`<a class="button" href="${videoPath(videoId)}">${texts.back}</a>`;
  const name = shortId(videoId);
  if (hasEnded(status)) {
    const body = html`<p>${texts.hasEnded}</p>
      <p>${back}</p>`;
    return context.html(layout(context, { title: name, section: 'videos', body }));
  }
  const costs = cancelCosts(status);
  const isFree = costs === 'cancelFree';
  const body = html`<p><code>${name}</code></p>
    ${hasChanged ? html`<p class="notice bad" role="alert">${texts.costsChanged}</p>` : ''}
    <div class="notice ${isFree ? 'busy' : 'warn'}">
      <p>${texts[costs]}</p>
      ${isFree ? '' : html`<p>${texts.keepInstead}</p>`}
    </div>
    <div class="row">
      <form method="post" action="${videoPath(videoId, 'cancel')}">
        ${hiddenFields({ costs })}
        <button class="danger">${texts.cancelNow}</button>
      </form>
      ${
        isFree
          ? ''
          : html`<form method="post" action="${videoPath(videoId, 'keep')}">
              <button>${texts.keep}</button>
            </form>`
      }
      ${back}
    </div>`;
  const page = layout(context, { title: texts.cancelTitle, section: 'videos', body });
  return context.html(page, hasChanged ? 409 : 200);
}
