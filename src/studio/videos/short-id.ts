import { createHash } from 'node:crypto';
import { workflowIdPrefix } from '../../contract/task-queues.ts';

const shownDigits = 12;
/** A word of one letter is typed by accident. */
const shortestWord = 4;
const longestWord = 16;
const codeDigits = 8;

/** The id for people: without prefix, and a digest is shortened. */
export function shortId(videoId: string): string {
  const id = videoId.startsWith(workflowIdPrefix)
    ? videoId.slice(workflowIdPrefix.length)
    : videoId;
  return id.replace(/(?<=^|\/|video_)[0-9a-f]{40,64}(?=$|\/)/, (digest) =>
    digest.slice(0, shownDigits),
  );
}

/** What a person types to confirm: the short id, or a code where that is too short, long or hard to type. */
export function confirmationWord(videoId: string): string {
  const word = shortId(videoId);
  const isShort = word.length >= shortestWord && word.length <= longestWord;
  const isTypeable = isShort && /^[\w.@/-]+$/.test(word);
  return isTypeable ? word : codeOf(videoId);
}

/** Whether a person has typed the word. */
export function isConfirmed(videoId: string, typed: string | null): boolean {
  return (typed ?? '').trim().toLowerCase() === confirmationWord(videoId).toLowerCase();
}

/** A short id for elements of a page, made of characters that HTML allows. */
export function elementId(name: string): string {
  return `v-${codeOf(name)}`;
}

function codeOf(videoId: string): string {
  return createHash('sha256').update(videoId).digest('hex').slice(0, codeDigits);
}
