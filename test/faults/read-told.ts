import type { temporal } from '@temporalio/proto';
import { isFailureKind, type FailureKind } from '../../src/contract/failure.ts';
import { fetchEvents } from '../e2e/history.ts';
import type { Stage } from '../e2e/stage.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Payload = temporal.api.common.v1.IPayload;

/** What a run has told on its way, as its history keeps it. */
export interface Told {
  /** Kinds of the refusals that the run waited out, each once. */
  waitedOut: FailureKind[];
  /** Attentions, unknown status words and phases. */
  words: string[];
}

/** Reads from the history of a run what its status showed in passing. */
export async function readTold(stage: Stage, videoId: string): Promise<Told> {
  const events = await fetchEvents(stage, videoId);
  return {
    waitedOut: [...new Set(events.flatMap(refusalOf))],
    words: [...new Set(events.flatMap((event) => [...progressWords(event), ...phaseOf(event)]))],
  };
}

/** A submit that our own shared limit held back sent no POST, so it is no refusal of the gateway. */
function refusalOf({ activityTaskFailedEventAttributes }: Event): FailureKind[] {
  const info = activityTaskFailedEventAttributes?.failure?.applicationFailureInfo;
  const [details] = (info?.details?.payloads ?? []).map(valueOf);
  const isRefusal = details?.['outcome'] === 'not_accepted' && details['held'] !== true;
  return isRefusal && isFailureKind(info?.type) ? [info.type] : [];
}

function progressWords({ activityTaskCompletedEventAttributes }: Event): string[] {
  const [progress] = (activityTaskCompletedEventAttributes?.result?.payloads ?? []).map(valueOf);
  return [progress?.['attention'], progress?.['unknownWord']].filter(
    (word) => typeof word === 'string',
  );
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
