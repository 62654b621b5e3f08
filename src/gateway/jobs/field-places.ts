import type { BaseUrl } from '../transport/base-url.ts';
import { parseRawUrl, pathOnly } from '../transport/raw-url.ts';

export interface JobPlace {
  base: BaseUrl;
  jobId: string;
}

/** More places than there are, each with a few addresses; a list of thousands would be asked one by one. */
const maxAddresses = 100;

/**
 * All addresses of a finished job's video, best first, distinct, absolute and byte for byte as sent; the gateway's own
 * `/content` address comes last, on the configured base whatever host was named.
 *
 * Only for a job that succeeded: on failure the same fields hold error text.
 *
 * @see docs/gateway.md#field-places
 */
export function resultUrls(job: unknown, place: JobPlace): string[] {
  const found = urlPlaces
    .flatMap((path) => stringsAt(job, path.split('.')))
    .concat(stringsAt(job, ['fail_reason']).filter((text) => !/\s/.test(text)))
    .concat(vendorPlaces.flatMap((path) => stringsAt(job, path.split('.'))))
    .slice(0, maxAddresses)
    .map((text) => usableUrl(text.trim(), place))
    .filter((url) => url !== undefined);
  return [...new Set(found), contentUrl(place)];
}

/** The gateway's own address of a job's video. */
export function contentUrl({ base, jobId }: JobPlace): string {
  return `${base.href}/v1/videos/${encodeURIComponent(jobId)}/content`;
}

/** An address inside a JSON answer that stands where a video should be: relatives of this gateway do that. */
export function urlInAnswer(body: unknown): string | undefined {
  return urlPlaces
    .flatMap((path) => stringsAt(body, path.split('.')))
    .find((text) => /^(https?:\/\/|\/|data:video\/)/i.test(text));
}

/** Places in the status object; `*` stands for every element of a list. */
const urlPlaces = [
  'url',
  'video_url',
  'result_url',
  'metadata.url',
  'content.video_url',
  'content.*.video_url.url',
  'download_url',
  'output',
  'output.*',
  'output.video_url',
  'outputs.*',
  'outputs.*.url',
  'video.url',
  'videos.*.url',
  'task_result.videos.*.url',
  'result',
  'results.*',
  'results.*.url',
  'data.result_url',
  'data.url',
  'data.*.url',
  'data.video_url',
  'data.download_url',
  'data.task_result.videos.*.url',
];

/** Places in `data.data`, the vendor's raw body: Kling, Vidu, Doubao, Ali, Jimeng, Hailuo, Gemini. */
const vendorPlaces = [
  'data.data.task_result.videos.*.url',
  'data.creations.*.url',
  'data.content.video_url',
  'data.output.video_url',
  'data.data.video_url',
  'data.file.download_url',
  'data.response.generateVideoResponse.generatedVideos.*.video.uri',
];

/** Why a job failed, in the words of a vendor whose raw body the gateway hands on: Kling. */
export function vendorReason(job: unknown): string | undefined {
  const places = ['data.data.task_status_msg', 'data.task_status_msg', 'task_status_msg'];
  return places.flatMap((path) => stringsAt(job, path.split('.')))[0];
}

function stringsAt(value: unknown, path: readonly string[]): string[] {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' && value !== '' ? [value] : [];
  if (step === '*')
    return Array.isArray(value) ? value.flatMap((item) => stringsAt(item, rest)) : [];
  const known = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
  return known ? stringsAt((value as Record<string, unknown>)[step], rest) : [];
}

/** The address to ask, or undefined for text, other schemes and our own `/content`, which is appended anyway. */
function usableUrl(text: string, place: JobPlace): string | undefined {
  if (/^data:video\//i.test(text)) return text;
  const { base } = place;
  const relative = text.startsWith('/') && !text.startsWith('//');
  const absolute = relative ? `${text.startsWith('/v1/') ? base.href : base.origin}${text}` : text;
  const url = parseRawUrl(absolute);
  if (!url) return undefined;
  return contentJobId(pathOnly(url)) === place.jobId ? undefined : absolute;
}

function contentJobId(path: string): string | undefined {
  const id = /\/v1\/videos\/([^/]+)\/content\/?$/.exec(path)?.[1];
  try {
    return id === undefined ? undefined : decodeURIComponent(id);
  } catch {
    return undefined;
  }
}
