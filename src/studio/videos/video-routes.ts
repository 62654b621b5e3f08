import { html } from 'hono/html';
import { serveFile } from '../../serve/content/serve-file.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { hasEnded } from '../../serve/videos/video-object.ts';
import { findByWorkflowId } from '../../serve/videos/find-video.ts';
import { inLanguage } from '../texts/in-language.ts';
import { videoTexts } from '../texts/video.ts';
import type { AddPages } from '../studio-app.ts';
import { actionsCard, takesCard } from './actions.ts';
import { askedCard, madeCard } from './asked-and-made.ts';
import { moneyCard, timelineCard } from './money-and-time.ts';
import { fileName, player } from './player.ts';
import { notFound } from './read-video.ts';
import { shortId } from './short-id.ts';
import { stateHtml } from './state.ts';
import { addCancelPages } from './cancel-routes.ts';

/** Of an ended video only the other takes, and whether its file is still there, can change. */
const endedEveryMs = 20_000;

/** The page of a video, its file, and what can be done with it. */
export const videoPages: AddPages = (app, { ports, livePage, readVideo }) => {
  livePage('/videos/:id', async (context) => {
    const videoId = context.req.param('id') ?? '';
    const shown = { lang: context.get('lang'), now: ports.now() };
    const video = await readVideo(videoId);
    return {
      title: shortId(videoId),
      section: 'videos',
      ...(hasEnded(video.status) && { everyMs: endedEveryMs }),
      regions: [
        { id: 'state', html: stateHtml(video, shown) },
        {
          id: 'video',
          html: html`<div class="columns">
            <div>${player(video, shown)} ${askedCard(video, shown)} ${madeCard(video, shown)}</div>
            <div>
              ${moneyCard(video, shown)} ${actionsCard(video, ports, shown)}
              ${timelineCard(video, shown)} ${takesCard(video, shown)}
            </div>
          </div>`,
        },
      ],
    };
  });
  app.get('/videos/:id/content', async (context) => {
    const videoId = context.req.param('id');
    const found = await findByWorkflowId(ports, videoId);
    if (!found) throw notFound(videoId);
    const { status, completedAt } = found.video;
    const { video: file, phase } = status;
    if (phase !== 'stored' || !file) {
      const { notMade } = inLanguage(videoTexts, context.get('lang'));
      throw new ApiError(404, 'not_ready', { message: notMade });
    }
    return serveFile(context.req.raw, ports.contents ?? ports.storage, {
      file,
      fileName: fileName(videoId, file),
      ...(completedAt !== null && { lastModified: new Date(completedAt * 1_000) }),
      onBroken: (error) => ports.onError(error, context.get('requestId')),
    });
  });
  addCancelPages(app, ports);
};
