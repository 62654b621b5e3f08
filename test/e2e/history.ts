import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import type { Stage } from './stage.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

export async function fetchEvents(stage: Stage, videoId: string): Promise<Event[]> {
  return (await fetchHistory(stage, videoId)).events ?? [];
}

/** All that anybody with access to the server can read of a run: its history, payloads decoded. */
export async function readableHistory(stage: Stage, videoId: string): Promise<string> {
  const json = historyToJSON(await fetchHistory(stage, videoId));
  const payloads = [...json.matchAll(/"data": *"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  if (payloads.length === 0) throw new Error(`The history of ${videoId} has no payloads to read`);
  return [json, ...payloads].join('\n');
}

/** With RECORD_HISTORIES set, writes the fixtures of test/workflow/replay.test.ts. */
export async function recordHistory(stage: Stage, videoId: string, name: string): Promise<void> {
  if (!process.env.RECORD_HISTORIES) return;
  const folder = fileURLToPath(new URL('../fixtures/histories/', import.meta.url));
  await mkdir(folder, { recursive: true });
  const json = historyToJSON(await fetchHistory(stage, videoId));
  await writeFile(`${folder}${name}.json`, `${withoutMachine(json)}\n`);
}

/** Process ids, host names and paths say nothing to a replay. */
function withoutMachine(json: string): string {
  const machineFields = new Set(['identity', 'stackTrace']);
  const strip = (key: string, value: unknown) => (machineFields.has(key) ? 'recorded' : value);
  return JSON.stringify(JSON.parse(json), strip, 1).replace(
    /\d+@[\w.-]+-(?=[0-9a-f]{32}")/g,
    'worker-',
  );
}

/** Milliseconds between two moments of the server's own clock. */
export function millisecondsBetween(from: Event | undefined, to: Event | undefined): number {
  return timeOf(to) - timeOf(from);
}

function timeOf(event: Event | undefined): number {
  if (!event?.eventTime) throw new Error('There is no such event');
  return Number(event.eventTime.seconds) * 1_000 + (event.eventTime.nanos ?? 0) / 1e6;
}

function fetchHistory({ temporal }: Stage, videoId: string) {
  return temporal.workflow.getHandle(videoId).fetchHistory();
}
