import type { Context } from 'hono';
import { html } from 'hono/html';
import { VideoClientError } from '../../client/video-client-error.ts';
import { decisionCard } from '../components/video-card.ts';
import { readForm, seeOther } from '../page/form.ts';
import { layout } from '../page/layout.ts';
import type { LivePage } from '../page/live-page.ts';
import type { StudioEnv, StudioPorts } from '../ports.ts';
import type { AddPages } from '../studio-app.ts';
import { decisionTexts } from '../texts/decisions.ts';
import { inLanguage } from '../texts/in-language.ts';
import { decisionForms } from './decision-forms.ts';
import { decisionState } from './decision-state.ts';
import { readDecision } from './read-decision.ts';
import { readStatusPage, type StatusPage } from './read-list.ts';
import type { ReadStudioVideo, StudioVideo } from './read-video.ts';
import { shortId } from './short-id.ts';
import { decisionPath } from './video-paths.ts';

const listLimit = 100;
/** What `resolve` refuses, and a person can understand. */
const refusals = { wrong_phase: 409, job_taken: 409, no_answer: 503 } as const;

/** The submits with an unknown outcome, and their decisions. */
export const decisionPages: AddPages = (app, { ports, livePage, readVideo }) => {
  livePage('/decisions', (context) => listPage(context, ports));
  livePage('/decisions/:id', async (context) => {
    const video = await readVideo(context.req.param('id') ?? '');
    const { videoId } = video;
    const lang = context.get('lang');
    const open = openSubmit(video);
    const forms = open ? decisionForms(open, { lang }) : html``;
    return {
      title: inLanguage(decisionTexts, lang).of(shortId(videoId)),
      section: 'decisions',
      regions: [
        { id: 'decision', html: decisionState(video, { lang, now: ports.now() }) },
        { id: 'forms', html: forms },
      ],
    };
  });
  app.post('/decisions/:id', (context) => decide(context, { ports, readVideo }));
};

async function listPage(context: Context<StudioEnv>, ports: StudioPorts): Promise<LivePage> {
  const shown = { lang: context.get('lang'), now: ports.now() };
  const [unresolved, overdue] = await Promise.all([
    readStatusPage(ports, { phases: ['unresolved'], limit: listLimit }),
    readStatusPage(ports, { phases: ['overdue'], limit: listLimit }),
  ]);
  const texts = inLanguage(decisionTexts, shown.lang);
  const cards = ({ videos }: StatusPage) =>
    html`<ul class="stack">
      ${videos.map((video) => decisionCard(video, shown))}
    </ul>`;
  const isEmpty = unresolved.videos.length === 0;
  const unresolvedHtml = html`<p class="soft">${texts.intro}</p>
    ${isEmpty ? html`<p class="empty">${texts.nothing}</p>` : cards(unresolved)}`;
  const overdueHtml = html`<h2>${texts.overdue}</h2>
    <p class="soft">${texts.overdueIntro}</p>
    ${cards(overdue)}`;
  return {
    title: texts.title,
    section: 'decisions',
    regions: [
      { id: 'unresolved', html: unresolvedHtml },
      { id: 'overdue', html: overdue.videos.length === 0 ? html`` : overdueHtml },
    ],
  };
}

async function decide(
  context: Context<StudioEnv, '/decisions/:id'>,
  { ports, readVideo }: { ports: StudioPorts; readVideo: ReadStudioVideo },
): Promise<Response> {
  const videoId = context.req.param('id');
  const lang = context.get('lang');
  const texts = inLanguage(decisionTexts, lang);
  const fields = await readForm(context);
  const refuse = async (status: Refused['status'], fault: string) =>
    refusedPage(context, {
      video: await readVideo(videoId),
      fault,
      fields,
      now: ports.now(),
      status,
    });
  const read = readDecision(videoId, fields, lang);
  if ('fault' in read) return refuse(422, read.fault);
  const { decision } = read;
  const before = changeSince(await readVideo(videoId), decision);
  if (before) return refuse(before === 'notKnown' ? 503 : 409, texts[before]);
  try {
    await ports.videos.resolve(videoId, decision);
  } catch (error) {
    if (!(error instanceof VideoClientError) || !isRefusal(error.kind)) throw error;
    const { kind } = error;
    // The run compares too: another person may have decided after the comparison here.
    const isOther =
      kind === 'wrong_phase' && changeSince(await readVideo(videoId), decision) === 'otherSubmit';
    return refuse(refusals[kind], texts[isOther ? 'otherSubmit' : kind]);
  }
  return seeOther(context, decisionPath(videoId));
}

/** Why a decision is not about the submit that is unresolved now. A decided one is left to the run. */
function changeSince(
  { status: { phase, unresolved } }: Pick<StudioVideo, 'status'>,
  { since }: { since: string },
): 'wrong_phase' | 'notKnown' | 'otherSubmit' | null {
  if (phase !== 'unresolved') return 'wrong_phase';
  if (!unresolved) return 'notKnown';
  return unresolved.since === since ? null : 'otherSubmit';
}

function isRefusal(kind: string): kind is keyof typeof refusals {
  return Object.hasOwn(refusals, kind);
}

interface Refused {
  video: StudioVideo;
  fault: string;
  fields: URLSearchParams;
  now: number;
  status: 409 | 422 | 503;
}

/** The page again, with what was typed, and why nothing was done. */
function refusedPage(context: Context<StudioEnv>, refused: Refused): Promise<Response> | Response {
  const { video, fault, fields, now, status } = refused;
  const lang = context.get('lang');
  const action = fields.get('action') ?? '';
  const open = openSubmit(video);
  // What was typed for an earlier submit is not put into the forms of another one.
  const isSame = open?.unresolved.since === fields.get('since');
  const isShownAtForm = isSame && ['adopt', 'resubmit', 'abandon'].includes(action);
  const view = { lang, ...(isSame && { refused: { action, fault, fields } }) };
  const body = html`${isShownAtForm ? '' : html`<p class="notice bad" role="alert">${fault}</p>`}
  ${decisionState(video, { lang, now })} ${open ? decisionForms(open, view) : ''}`;
  const title = inLanguage(decisionTexts, lang).of(shortId(video.videoId));
  return context.html(layout(context, { title, section: 'decisions', body }), status);
}

/** The submit to decide about; null if there is none, or if it is not known which one it is. */
function openSubmit({ videoId, status: { phase, unresolved } }: StudioVideo) {
  if (phase !== 'unresolved' || !unresolved || unresolved.decided !== undefined) return null;
  return { videoId, unresolved };
}
