import { Hono } from 'hono';
import { toApiError } from '../serve/http/error-table.ts';
import type { ServeEnv } from '../serve/ports.ts';
import { loginRoutes } from './access/login-routes.ts';
import { studioAccess } from './access/studio-access.ts';
import { assetRoutes } from './assets.ts';
import { createPages } from './create/create-pages.ts';
import { eventsPages } from './events/events-page.ts';
import { errorPage, notFoundPage } from './page/error-page.ts';
import { localPath, readForm, seeOther } from './page/form.ts';
import { keepLanguage, languageOf } from './page/language.ts';
import { createLivePages, type ReadLivePage } from './page/live-page.ts';
import { pageHeaders } from './page/page-headers.ts';
import { batchActions } from './batches/batch-actions.ts';
import { batchListPage } from './batches/batch-list-page.ts';
import { batchPage } from './batches/batch-page.ts';
import { newBatchPages } from './batches/new-batch-pages.ts';
import { newSchedulePages } from './schedules/new-schedule-pages.ts';
import { scheduleActionPages } from './schedules/schedule-actions.ts';
import { schedulePages } from './schedules/schedule-pages.ts';
import type { StudioEnv, StudioPorts } from './ports.ts';
import { decisionPages } from './videos/decision-routes.ts';
import { overviewPages } from './videos/overview-routes.ts';
import { createVideoReader, type ReadStudioVideo } from './videos/read-video.ts';
import { videoPages } from './videos/video-routes.ts';
import { capsPages } from './spend/caps-page.ts';
import { changeCapsPages } from './spend/change-caps.ts';
import { storagePages } from './storage/storage-page.ts';
import { spendPages } from './spend/spend-page.ts';

/** Adds a page that follows what it shows. */
export type AddLivePage = (path: string, read: ReadLivePage) => void;

/** The pages of a subject. */
export type AddPages = (
  app: Hono<StudioEnv>,
  tools: { ports: StudioPorts; livePage: AddLivePage; readVideo: ReadStudioVideo },
) => void;

/** Each adds its pages. */
const subjects: readonly AddPages[] = [
  createPages,
  overviewPages,
  videoPages,
  decisionPages,
  newBatchPages,
  batchListPage,
  batchPage,
  batchActions,
  spendPages,
  capsPages,
  changeCapsPages,
  newSchedulePages,
  schedulePages,
  scheduleActionPages,
  storagePages,
  eventsPages,
];

/** The studio: the pages under /studio, for people. */
export function addStudio(app: Hono<ServeEnv>, ports: StudioPorts): void {
  const studio = new Hono<StudioEnv>();
  studio.use(pageHeaders());
  studio.use(async (context, next) => {
    context.set('lang', languageOf(context));
    await next();
  });
  assetRoutes(studio);
  studio.use(studioAccess(ports));
  loginRoutes(studio, ports);
  studio.post('/language', async (context) => {
    const fields = await readForm(context);
    keepLanguage(context, fields.get('lang') === 'zh' ? 'zh' : 'en');
    return seeOther(context, localPath(fields.get('back')));
  });
  const livePage = createLivePages(studio, ports);
  const readVideo = createVideoReader(ports);
  for (const add of subjects) add(studio, { ports, livePage, readVideo });
  studio.all('*', notFoundPage);
  studio.onError((error, context) => {
    if (toApiError(error).status >= 500) ports.onError(error, context.get('requestId'));
    return errorPage(context, error);
  });
  app.route('/studio', studio as unknown as Hono<ServeEnv>);
}
