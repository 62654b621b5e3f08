import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { codecConfig } from '../../src/config/codec-config.ts';
import type { Harness } from './harness.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** The events of a run, decrypted with the keys of the harness if needed. */
export async function fetchEvents(harness: Harness, videoId: string): Promise<Event[]> {
  const events = (await fetchHistory(harness, videoId)).events ?? [];
  const { keys } = codecConfig(harness.env);
  if (keys.length > 0) await decodeIn(events, createPayloadCodec(keys));
  return events;
}

/** Replaces each encrypted payload by its decrypted content, at any depth. */
async function decodeIn(value: object, codec: PayloadCodec): Promise<void> {
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'object' || inner === null || inner instanceof Uint8Array) continue;
    if (isPayload(inner)) Object.assign(value, { [name]: (await codec.decode([inner]))[0] });
    else await decodeIn(inner, codec);
  }
}

function isPayload(value: object): value is Payload {
  return 'data' in value && value.data instanceof Uint8Array && 'metadata' in value;
}

/** All that anybody with access to the server can read of a run: its history, payloads decoded. */
export async function readableHistory(harness: Harness, videoId: string): Promise<string> {
  const json = historyToJSON(await fetchHistory(harness, videoId));
  const payloads = [...json.matchAll(/"data": *"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  if (payloads.length === 0) throw new Error(`The history of ${videoId} has no payloads to read`);
  return [json, ...payloads].join('\n');
}

/**
 * With RECORD_HISTORIES set, writes the fixtures of test/workflow/replay.test.ts that do not exist yet. A history of older
 * code cannot be recorded again, so it stays: new code gets a new name.
 */
export async function recordHistory(
  harness: Harness,
  videoId: string,
  name: string,
): Promise<void> {
  if (!process.env.RECORD_HISTORIES) return;
  const folder = fileURLToPath(new URL('../fixtures/histories/', import.meta.url));
  await mkdir(folder, { recursive: true });
  const json = historyToJSON(await fetchHistory(harness, videoId));
  const file = `${folder}${name}.json`;
  await writeFile(file, `${withoutMachine(json)}\n`, { flag: 'wx' }).catch(unlessExists);
}

function unlessExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Process ids, host names and paths have no effect on a replay. */
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

/** As the server keeps it, encrypted or not. */
export function fetchHistory({ temporal }: Harness, videoId: string) {
  return temporal.workflow.getHandle(videoId).fetchHistory();
}
