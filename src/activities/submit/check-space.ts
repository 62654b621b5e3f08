import { Context } from '@temporalio/activity';
import type { SubmitFailure } from '../../contract/activities.ts';
import { gauge } from '../../contract/metrics.ts';
import { costOf } from '../../contract/price/video-cost.ts';
import type { VideoRequest } from '../../contract/video-request.ts';
import { diskSpace, type DiskSpace } from '../../storage/folder/disk-space.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** Blu-ray allows at most 40 Mbit/s at 1920 × 1080; no vendor is known to use more per pixel. */
const bitsPerPixelSecond = 20;
/** Used when the request gives no size or length: a large picture, longer than the default of any model. */
const assumed = { pixels: 1920 * 1080, seconds: 20 };
/** For concurrent deliveries, claims and sidecars. */
const reserveBytes = 256 * 1024 ** 2;
/** How long a run waits before it checks the space again. */
const askAgainMs = 60_000;

/** Returns a failure if there is no room for the video; null if there is, or if the free space is unknown. */
export type CheckSpace = (request: VideoRequest) => Promise<SubmitFailure | null>;

/**
 * Checks before a submit whether the video will fit, so that no video is paid for that cannot be stored. Publishes
 * the free space as gauge `onetake_storage_free_bytes` and warns while the disk is nearly full.
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
    // Unknown space is no reason to refuse: writing the claim shows in a moment whether the storage works.
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

/** An upper bound of the size of the video. */
export function expectedBytes(request: VideoRequest): number {
  const { seconds = assumed.seconds } = costOf(request);
  return Math.ceil((pixelsOf(request) * seconds * bitsPerPixelSecond) / 8);
}

/** `size` is `1280x720` or, for some vendors, `1280*720`. For words such as `720p` the assumed size is used. */
function pixelsOf({ body }: VideoRequest): number {
  const { size } = body;
  const [, width, height] =
    (typeof size === 'string' && /^(\d{2,5})[x*](\d{2,5})$/i.exec(size)) || [];
  return width === undefined ? assumed.pixels : Number(width) * Number(height);
}

/**
 * No POST was sent, so the submit counts as held back: the run tries again until there is room or its patience is
 * used up.
 */
function full({ freeBytes }: DiskSpace, wantedBytes: number): SubmitFailure {
  return {
    kind: 'storage_full',
    outcome: 'not_accepted',
    billed: 'no',
    held: true,
    retryAfterMs: askAgainMs,
    message: `The storage has ${freeBytes} bytes free, but ${wantedBytes} are required before a video is paid for`,
  };
}
