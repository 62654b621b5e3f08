import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readableHistory } from './history.ts';
import { onetake } from './onetake.ts';
import type { Harness } from './harness.ts';

/** More than any table has rows. */
const listLimit = '1000';

/** A place that people or programs may read, and its content. */
export interface Place {
  name: string;
  text: string;
}

/** All output of the workers and runs of a harness. */
export async function* placesOf(harness: Harness): AsyncGenerator<Place> {
  for (const [nth, worker] of harness.workers.entries()) {
    yield { name: `log of worker ${nth + 1}`, text: worker.printed() };
  }
  yield* storedFiles(harness);
  yield* runsOf(harness);
}

/** The output of commands, as text and as JSON, for videos in every phase. */
export async function* commandsOf(harness: Harness): AsyncGenerator<Place> {
  const videos = await harness.client.list({ limit: Number(listLimit) });
  const onePerPhase = new Map(videos.map(({ phase, videoId }) => [phase, videoId]));
  const commands = [
    ['list', '--limit', listLimit, '--json'],
    ['unresolved'],
    ['doctor'],
    ...[...onePerPhase.values()].map((videoId) => ['status', videoId]),
  ];
  for (const command of commands) {
    const { stdout, stderr } = await onetake(harness, command);
    yield { name: `onetake ${command.join(' ')}`, text: `${stdout}\n${stderr}` };
  }
}

/** The places that contain one of the secrets. */
export async function leaksOf(
  places: AsyncIterable<Place>,
  secrets: readonly string[],
): Promise<{ read: number; leaking: string[] }> {
  const leaking: string[] = [];
  let read = 0;
  for await (const { name, text } of places) {
    if (text.trim() !== '') read += 1;
    if (secrets.some((secret) => text.includes(secret))) leaking.push(name);
  }
  return { read, leaking };
}

/** Videos, sidecars, claims, limits: names and bytes. */
async function* storedFiles({ env }: Harness): AsyncGenerator<Place> {
  const root = env.STORAGE_URL;
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    yield { name, text: `${name}\n${await readFile(path, 'latin1')}` };
  }
}

/** The data of each run on the server: history, memo, search attributes. */
async function* runsOf(harness: Harness): AsyncGenerator<Place> {
  for await (const listed of harness.temporal.workflow.list()) {
    const { workflowId, searchAttributes, memo, status } = listed;
    const seen = JSON.stringify({ workflowId, searchAttributes, memo, status });
    yield { name: `index of ${workflowId}`, text: seen };
    yield { name: `history of ${workflowId}`, text: await readableHistory(harness, workflowId) };
  }
}
