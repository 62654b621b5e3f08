import type { VideoPriority } from '../../contract/admission.ts';

/** A video that waits: all that is kept of it. It brings the rest with its next request. */
export interface WaitingVideo {
  videoId: string;
  /** Since when it waits, milliseconds since the epoch. */
  sinceMs: number;
}

/** Those with the same first tag, the one that waits longest first. */
export interface Lane {
  tag: string;
  videos: WaitingVideo[];
}

/** Who is known to wait. The lanes of a priority are in the order of their turns. */
export type WaitingVideos = Record<VideoPriority, Lane[]>;

/** Before every batch video, the interactive ones; among equals, tag by tag in turn. */
export const priorities = ['interactive', 'batch'] as const satisfies VideoPriority[];

export const nobodyWaits: WaitingVideos = { interactive: [], batch: [] };

/**
 * What one priority may hold, in bytes of JSON, roughly: some 900 videos with ids of 40 characters. All work on the
 * window, and its part of the state, is bounded by this number, however many videos wait.
 */
const windowBytes = 80_000;
/** What an entry costs besides its id. */
const entryBytes = 48;

/** Who a video stands for in the queue. */
export interface QueuePlace extends WaitingVideo {
  priority: VideoPriority;
  tag: string;
}

/**
 * The front of the queue, bounded by its size. A full window keeps those that have waited longest; others stay outside,
 * unknown, and request again by themselves. So whoever waits longest gets in at its next request, and nobody starves.
 */
export interface AdmissionWindow {
  has(videoId: string): boolean;
  /** By age, at the end of the equally old. True unless the window is full of older ones. */
  add(place: QueuePlace): boolean;
  /** Gives who is the first of its lane now; null where there is none, or it did not stand in the window. */
  remove(videoId: string): string | null;
  /** Takes the next one, and sends its lane to the end of the round. */
  next(): string | null;
  /** The first of each lane, at most so many. */
  heads(most: number): string[];
  size(): Record<VideoPriority, number>;
  snapshot(): WaitingVideos;
}

export function openWindow(waiting: WaitingVideos): AdmissionWindow {
  const shelf: Shelf = {
    lanes: { interactive: [], batch: [] },
    bytes: { interactive: 0, batch: 0 },
    placeOf: new Map(),
  };
  const { lanes, placeOf } = shelf;
  for (const priority of priorities) {
    for (const { tag, videos } of waiting[priority]) {
      for (const video of videos) insert(shelf, { ...video, priority, tag });
    }
  }
  return {
    has: (videoId) => placeOf.has(videoId),
    add: (place) => {
      insert(shelf, place);
      return placeOf.has(place.videoId);
    },
    remove: (videoId) => {
      const place = placeOf.get(videoId);
      if (!place) return null;
      const { videos } = place.lane;
      take(shelf, { ...place, index: videos.findIndex((video) => video.videoId === videoId) });
      return videos[0]?.videoId ?? null;
    },
    next: () => {
      const priority = priorities.find((each) => lanes[each].length > 0);
      const [lane] = priority ? lanes[priority] : [];
      if (!priority || !lane) return null;
      const round = lanes[priority];
      if (lane.videos.length > 1) round.push(...round.splice(0, 1));
      return take(shelf, { priority, lane, index: 0 })?.videoId ?? null;
    },
    heads: (most) =>
      priorities
        .flatMap((priority) => lanes[priority])
        .slice(0, most)
        .flatMap(({ videos: [first] }) => (first ? [first.videoId] : [])),
    size: () => ({ interactive: count(lanes.interactive), batch: count(lanes.batch) }),
    snapshot: () => lanes,
  };
}

interface Shelf {
  lanes: WaitingVideos;
  bytes: Record<VideoPriority, number>;
  /** By video. */
  placeOf: Map<string, { priority: VideoPriority; lane: Lane }>;
}

function insert(shelf: Shelf, { priority, tag, videoId, sinceMs }: QueuePlace): void {
  const { lanes, bytes, placeOf } = shelf;
  const video = { videoId, sinceMs };
  let lane = lanes[priority].find((found) => found.tag === tag);
  if (!lane) {
    lane = { tag, videos: [] };
    lanes[priority].push(lane);
  }
  const before = lane.videos.findLastIndex((other) => other.sinceMs <= sinceMs);
  lane.videos.splice(before + 1, 0, video);
  placeOf.set(videoId, { priority, lane });
  bytes[priority] += bytesOf(video);
  while (bytes[priority] > windowBytes) {
    const longest = lanes[priority].reduce(longerOrYounger);
    take(shelf, { priority, lane: longest, index: longest.videos.length - 1 });
  }
}

function take(
  { lanes, bytes, placeOf }: Shelf,
  { priority, lane, index }: { priority: VideoPriority; lane: Lane; index: number },
): WaitingVideo | undefined {
  const [video] = lane.videos.splice(index, 1);
  if (!video) return undefined;
  bytes[priority] -= bytesOf(video);
  placeOf.delete(video.videoId);
  if (lane.videos.length === 0) lanes[priority].splice(lanes[priority].indexOf(lane), 1);
  return video;
}

function bytesOf({ videoId }: WaitingVideo): number {
  return videoId.length + entryBytes;
}

/** Who gives way in a full window: the last of the longest lane; among equally long ones, the youngest. */
function longerOrYounger(a: Lane, b: Lane): Lane {
  const more = b.videos.length - a.videos.length || lastOf(b) - lastOf(a);
  return more > 0 ? b : a;
}

function lastOf({ videos }: Lane): number {
  return videos.at(-1)?.sinceMs ?? 0;
}

function count(lanes: Lane[]): number {
  return lanes.reduce((sum, { videos }) => sum + videos.length, 0);
}
