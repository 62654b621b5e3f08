import { Context } from '@temporalio/activity';
import type { SubmitFailure } from '../../contract/activities.ts';
import { gauge } from '../../contract/metrics.ts';
import { costOf } from '../../contract/price/video-cost.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { diskSpace, type DiskSpace } from '../../storage/folder/disk-space.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** A Blu-ray has at most 40 Mbit/s for 1920 × 1080; no vendor is known to send more for a pixel. */
const bitsPerPixelSecond = 20;
/** Where the request does not say: a large picture, and longer than the models make by themselves. */
const assumed = { pixels: 1920 * 1080, seconds: 20 };
/** Other jobs deliver meanwhile, and claims and sidecars need a place, too. */
const reserveBytes = 256 * 1024 ** 2;
/** Somebody makes room, or does not. */
const askAgainMs = 60_000;

/** The failure of a submit whose video has no room; null where it has, or where nobody can say. */
export type CheckSpace = (request: VideoRequest) => Promise<SubmitFailure | null>;

/**
 * Looks before a submit whether the video will fit, so that nothing is paid for that cannot be stored. Publishes what
 * is free as gauge `onetake_storage_free_bytes`, and warns while the disk is nearly full.
 */
export function createCheckSpace({
  storage,
  maxBytes,
}: {
  storage: Pick<VideoStorage, 'space'>;
  /** Larger videos are refused anyway. */
  maxBytes: number;
}): CheckSpace {
  return async (request) => {
    // Not to know it is no reason to refuse: the claim shows in a moment whether the storage works.
    const space = await diskSpace(storage).catch(() => null);
    if (!space) return null;
    tell(space);
    const wantedBytes = Math.min(expectedBytes(request), maxBytes) + reserveBytes;
    return space.freeBytes >= wantedBytes ? null : full(space, wantedBytes);
  };
}

function tell(space: DiskSpace): void {
  const { log, metricMeter } = Context.current();
  const { freeBytes, totalBytes, nearlyFull } = space;
  gauge(metricMeter, 'onetake_storage_free_bytes', { value: freeBytes });
  if (nearlyFull) log.warn('The disk of the storage is nearly full', { freeBytes, totalBytes });
}

/** An upper bound of what the video takes. */
export function expectedBytes(request: VideoRequest): number {
  const { seconds = assumed.seconds } = costOf(request);
  return Math.ceil((pixelsOf(request) * seconds * bitsPerPixelSecond) / 8);
}

/** `size` is `1280x720` or, for some vendors, `1280*720`; words such as `720p` count as what is assumed. */
function pixelsOf({ body }: VideoRequest): number {
  const { size } = body;
  const [, width, height] =
    (typeof size === 'string' && /^(\d{2,5})[x*](\d{2,5})$/i.exec(size)) || [];
  return width === undefined ? assumed.pixels : Number(width) * Number(height);
}

/** No POST was sent, so it counts as held back: the run asks again until there is room, or its patience is over. */
function full({ freeBytes }: DiskSpace, wantedBytes: number): SubmitFailure {
  return {
    kind: 'storage_full',
    outcome: 'not_accepted',
    billed: 'no',
    held: true,
    retryAfterMs: askAgainMs,
    message: `The storage has ${freeBytes} bytes free, and ${wantedBytes} are wanted before a video is paid for`,
  };
}
