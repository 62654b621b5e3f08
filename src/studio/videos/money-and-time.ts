import { html } from 'hono/html';
import { chargeOfClaim } from '../../storage/claims/claim.ts';
import { facts } from '../components/facts.ts';
import type { Shown } from '../components/expected.ts';
import { moneyText } from '../components/money.ts';
import { billedBadge } from '../components/phase-badge.ts';
import { exactTime } from '../components/time.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage } from '../texts/in-language.ts';
import { videoTexts } from '../texts/video.ts';
import type { StudioVideo } from './read-video.ts';

/** What the video costs, as far as it is known. */
export function moneyCard({ status, claim, sidecar }: StudioVideo, { lang }: Shown): Html {
  const texts = inLanguage(videoTexts, lang);
  const { billed } = status;
  const inWords = { no: texts.billedNo, yes: texts.billedYes, maybe: texts.billedMaybe }[billed];
  const charged = sidecar?.charged ?? claim?.endedWith?.charged ?? (claim && chargeOfClaim(claim));
  const cost = claim?.admission?.cost;
  const reserved = [
    ...(cost?.money === undefined
      ? []
      : [
          cost.currency === 'gateway'
            ? texts.inCurrency(moneyText(cost.money))
            : texts.inPriceList(moneyText(cost.money)),
        ]),
    ...(cost?.seconds === undefined ? [] : [texts.seconds(String(cost.seconds))]),
  ].join(', ');
  return html`<section class="card" aria-labelledby="money">
    <h2 id="money">${texts.money}</h2>
    <p>${billedBadge(billed, lang)} ${inWords}</p>
    ${facts([
      [texts.reserved, reserved === '' ? null : reserved],
      [texts.charged, charged ? texts.inCurrency(moneyText(charged.money)) : null],
    ])}
  </section>`;
}

type Moment = readonly [title: string, iso: string | undefined];

/** What happened when, oldest first. */
export function timelineCard(video: StudioVideo, { lang }: Shown): Html {
  const texts = inLanguage(videoTexts, lang);
  const { status, claim, run } = video;
  const { phase, startedAt, failedTakes = [] } = status;
  const isOpen = run !== undefined && run.closeTime === undefined;
  const accepted = acceptedAt(video);
  const moments: Moment[] = [
    [texts.started, run ? startedAt : undefined],
    [texts.sent, claim ? isoOf(claim.claimedAt) : undefined],
    [texts.accepted, isoOf(accepted)],
    ...failedTakes.map(({ failedAt, jobId }): Moment => [
      `${texts.takeFailed} (${jobId})`,
      failedAt,
    ]),
    [texts.madeAt, madeAt(video, accepted)],
    [texts.expected, isOpen ? status.expected?.at : undefined],
    [texts.deadline, isOpen ? status.deadlineAt : undefined],
    [texts.changed, isOpen ? status.changedAt : undefined],
    [phase === 'stored' ? texts.stored : texts.ended, endedAt(video)],
  ];
  const known = moments
    .filter((moment): moment is [string, string] => moment[1] !== undefined)
    .toSorted(([, a], [, b]) => Date.parse(a) - Date.parse(b));
  return html`<section class="card" aria-labelledby="timeline">
    <h2 id="timeline">${texts.timeline}</h2>
    <ol class="timeline">
      ${known.map(([title, at]) => html`<li>${title}<br /><small>${exactTime(at)}</small></li>`)}
    </ol>
  </section>`;
}

/** Milliseconds since the epoch. */
function acceptedAt({ status, claim }: StudioVideo): number | undefined {
  if (status.submittedAt !== undefined) return Date.parse(status.submittedAt);
  if (!claim) return undefined;
  if (claim.endedWith) return claim.endedWith.submittedAt;
  return claim.outcome.state === 'accepted' ? claim.outcome.submittedAt : undefined;
}

function madeAt({ sidecar }: StudioVideo, accepted: number | undefined): string | undefined {
  const seconds = sidecar?.jobSeconds;
  return accepted === undefined || seconds === undefined
    ? undefined
    : isoOf(accepted + seconds * 1_000);
}

function endedAt({ run, sidecar, completedAt }: StudioVideo): string | undefined {
  if (sidecar) return sidecar.storedAt;
  return (
    run?.closeTime?.toISOString() ?? (completedAt === null ? undefined : isoOf(completedAt * 1_000))
  );
}

function isoOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
