import type { VideoClient } from '../client.ts';
import { workflowIdPrefix } from '../contract/task-queues.ts';
import { UsageError } from './context.ts';

const shownDigits = 12;
const fewestDigits = 6;
/** Enough to find an id that a list showed. */
const searched = 1_000;

/** The id for people: without prefix, and a digest is shortened. */
export function shortId(videoId: string): string {
  const id = videoId.startsWith(workflowIdPrefix)
    ? videoId.slice(workflowIdPrefix.length)
    : videoId;
  return id.replace(/^[0-9a-f]{64}(?=$|\/)/, (digest) => digest.slice(0, shownDigits));
}

/** Expands a shortened id; anything else is returned unchanged. @throws {UsageError} It matches several videos. */
export async function fullId(client: VideoClient, given: string): Promise<string> {
  const isPiece = new RegExp(`^[0-9a-f]{${fewestDigits},63}(/take-\\d+)?$`);
  if (!isPiece.test(given)) return given;
  const [digits = '', take] = given.split('/');
  const videos = await client.list({ limit: searched });
  const found = videos
    .map(({ videoId }) => videoId)
    .filter((id) => matches(id.slice(workflowIdPrefix.length), digits, take));
  const different = [...new Set(found)];
  if (different.length > 1) {
    throw new UsageError(`"${given}" matches ${different.length} videos: give more digits`);
  }
  return different[0] ?? given;
}

function matches(id: string, digits: string, take: string | undefined): boolean {
  const [digest = '', takeOfId] = id.split('/');
  return /^[0-9a-f]{64}$/.test(digest) && digest.startsWith(digits) && takeOfId === take;
}
