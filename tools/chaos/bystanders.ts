import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { VideoClient } from '../../src/client.ts';
import { batchMessages } from '../../src/contract/batch.ts';
import { messageNames } from '../../src/contract/messages.ts';
import type { PlannedVideo, PlannedWord } from './plan.ts';

/** Timeout of a call, like that of a person at a terminal. */
const patienceMs = 8_000;

export interface Bystanders {
  client: VideoClient;
  temporal: Client;
  batchName: string;
  videos: readonly PlannedVideo[];
  stormAt: number;
}

/** Calls of people and webhooks during the kills. They may fail. */
export async function speak(
  bystanders: Bystanders,
  words: readonly PlannedWord[],
): Promise<number> {
  const said = words.map(async ({ afterMs, ...word }) => {
    await delay(Math.max(0, bystanders.stormAt + afterMs - Date.now()));
    const { temporal } = bystanders;
    const saying = temporal.withDeadline(Date.now() + patienceMs, () => say(bystanders, word));
    return saying.then(
      () => 1,
      () => 0,
    );
  });
  return (await Promise.all(said)).reduce<number>((sum, one) => sum + one, 0);
}

async function say(
  { client, temporal, batchName, videos }: Bystanders,
  { what, nth }: Omit<PlannedWord, 'afterMs'>,
): Promise<void> {
  const video = videos[nth % videos.length];
  if (!video) return;
  const run = temporal.workflow.getHandle(`video/${video.key}`);
  switch (what) {
    case 'query':
      await run.query(messageNames.videoStatus);
      return;
    case 'wake':
      await run.signal(messageNames.videoJobEvent, { source: 'chaos' });
      return;
    case 'query the part, then retry':
      await queryPart(temporal, batchName).catch(() => {});
      await client.batches.retryFailed(batchName);
      return;
    case 'join and leave': {
      const waiterId = `passer-by-${nth}`;
      await run.describe();
      await client.start(video.request, { key: video.key, waiterId });
      await client.cancel(video.key, { waiterId });
    }
  }
}

async function queryPart(temporal: Client, batchName: string): Promise<void> {
  const { workflowId, runId } = await temporal.workflow.getHandle(`batch/${batchName}`).describe();
  await temporal.workflow
    .getHandle(`${workflowId}/${runId}/part-1`)
    .query(batchMessages.batchStatus);
}
