import type { BaseUrl } from '../transport/base-url.ts';
import { parseRawUrl, pathOnly } from '../transport/raw-url.ts';

export interface JobPlace {
  base: BaseUrl;
  jobId: string;
}

/** More than all places together have in practice. Without a limit, thousands of URLs would be requested one by one. */
const maxAddresses = 100;

/**
 * All URLs of a finished job's video, best first, distinct, absolute, and byte for byte as sent. The gateway's `/content`
 * URL comes last, always on the configured base URL.
 *
 * Only for a succeeded job: after a failure the same fields contain error text.
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

/** The gateway's own URL of a job's video. */
export function contentUrl({ base, jobId }: JobPlace): string {
  return `${base.href}/v1/videos/${encodeURIComponent(jobId)}/content`;
}

/** Finds a URL in a JSON response that was sent instead of a video, as some forks of the gateway do. */
export function urlInAnswer(body: unknown): string | undefined {
  return urlPlaces
    .flatMap((path) => stringsAt(body, path.split('.')))
    .find((text) => /^(https?:\/\/|\/|data:video\/)/i.test(text));
}

/** Paths in the status object. `*` matches every element of a list. */
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

/** Paths in `data.data`, the vendor's raw body: Kling, Vidu, Doubao, Ali, Jimeng, Hailuo, Gemini. */
const vendorPlaces = [
  'data.data.task_result.videos.*.url',
  'data.creations.*.url',
  'data.content.video_url',
  'data.output.video_url',
  'data.data.video_url',
  'data.file.download_url',
  'data.response.generateVideoResponse.generatedVideos.*.video.uri',
];

/** The vendor's failure reason, if the gateway forwards the raw body (Kling). */
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

/** The URL to request. Undefined for text, other schemes and our own `/content`, which is appended separately. */
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
