import { tsToMs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import { isFailureKind, type FailureKind } from '../../src/contract/failure.ts';
import { fetchEvents } from '../e2e/history.ts';
import type { Harness } from '../e2e/harness.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Payload = temporal.api.common.v1.IPayload;

/** Server and worker read one clock here, at slightly different moments. */
const clockSlackMs = 1_000;

/** What a run reported while it ran, as recorded in its history. */
export interface Told {
  /** Kinds of the refusals that the run waited out, each once. */
  waitedOut: FailureKind[];
  /** Kind of the last failed attempt of each download. */
  failedDownloads: FailureKind[];
  /** Attentions, unknown status words, phases, findings about an unknown submit, multipliers of the price. */
  words: string[];
  /** Progress in percent, as the caller saw it one after another. */
  percents: number[];
  /** Times of submits and polls outside the time of the run, ISO 8601. */
  strayTimes: string[];
}

/** Reads from the history of a run what its status showed while it ran. */
export async function readTold(harness: Harness, videoId: string): Promise<Told> {
  const events = await fetchEvents(harness, videoId);
  const results = events.map(resultOf).filter((result) => result !== undefined);
  return {
    waitedOut: [...new Set(events.flatMap(refusalOf))],
    failedDownloads: events.flatMap((event) => failedDownloadOf(event, events)),
    words: [...new Set([...results.flatMap(wordsOf), ...events.flatMap(phaseOf)])],
    percents: results.map(({ progressPercent }) => progressPercent).filter(isNumber),
    strayTimes: strayTimes(events),
  };
}

/** A submit that our own shared limit held back sent no POST, so the gateway refused nothing. */
function refusalOf({ activityTaskFailedEventAttributes }: Event): FailureKind[] {
  const info = activityTaskFailedEventAttributes?.failure?.applicationFailureInfo;
  const [details] = (info?.details?.payloads ?? []).map(valueOf);
  const isRefusal = details?.['outcome'] === 'not_accepted' && details['held'] !== true;
  return isRefusal && isFailureKind(info?.type) ? [info.type] : [];
}

/** Attempts have no events: the start of the last one contains the failure of the previous one. */
function failedDownloadOf({ activityTaskStartedEventAttributes }: Event, events: Event[]) {
  const { lastFailure, scheduledEventId } = activityTaskStartedEventAttributes ?? {};
  const scheduled = events.find(
    ({ eventId }) => eventId?.toString() === scheduledEventId?.toString(),
  );
  const { activityType } = scheduled?.activityTaskScheduledEventAttributes ?? {};
  const kind = lastFailure?.applicationFailureInfo?.type;
  return activityType?.name === 'storeVideo' && isFailureKind(kind) ? [kind] : [];
}

/** The result of an activity. */
function resultOf({
  activityTaskCompletedEventAttributes,
}: Event): Record<string, unknown> | undefined {
  return (activityTaskCompletedEventAttributes?.result?.payloads ?? []).map(valueOf)[0];
}

function wordsOf({ attention, unknownWord, findings, chargedRatios }: Record<string, unknown>) {
  const ratios = Object.entries(chargedRatios ?? {}).map(([name, by]) => `${name} × ${by}`);
  return [attention, unknownWord, ...(Array.isArray(findings) ? findings : []), ...ratios].filter(
    (word) => typeof word === 'string',
  );
}

/** Each belongs to an event and is our own time, never a timestamp of the gateway. */
function strayTimes(events: Event[]): string[] {
  const startedAt = timeOf(events[0]);
  return events.flatMap((event) => {
    const { submittedAt, askedAt } = resultOf(event) ?? {};
    return [submittedAt, askedAt]
      .filter(isNumber)
      .filter((at) => at < startedAt - clockSlackMs || at > timeOf(event) + clockSlackMs)
      .map((at) => new Date(at).toISOString());
  });
}

function timeOf(event: Event | undefined): number {
  return tsToMs(event?.eventTime);
}

function phaseOf({ upsertWorkflowSearchAttributesEventAttributes }: Event): string[] {
  const fields = upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  const phase: unknown = fields?.['VideoPhase'] && jsonOf(fields['VideoPhase']);
  return (Array.isArray(phase) ? phase : [phase]).filter((word) => typeof word === 'string');
}

function valueOf(payload: Payload): Record<string, unknown> | undefined {
  const value = jsonOf(payload);
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function jsonOf({ data }: Payload): unknown {
  return data && data.length > 0 ? JSON.parse(Buffer.from(data).toString('utf8')) : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
