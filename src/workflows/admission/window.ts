import type { VideoPriority } from '../../contract/admission.ts';

/** What is stored of a waiting video. Its next request brings the rest. */
export interface WaitingVideo {
  videoId: string;
  /** When it began to wait, milliseconds since the epoch. */
  sinceMs: number;
}

/** Videos with the same first tag, the longest waiting first. */
export interface Lane {
  tag: string;
  videos: WaitingVideo[];
}

/** The known waiting videos. The lanes of a priority are in round-robin order. */
export type WaitingVideos = Record<VideoPriority, Lane[]>;

/** Interactive videos come before batch videos; within one priority, tags take turns. */
export const priorities = ['interactive', 'batch'] as const satisfies VideoPriority[];

export const nobodyWaits: WaitingVideos = { interactive: [], batch: [] };

/**
 * Approximate limit per priority in bytes of JSON: some 900 videos with ids of 40 characters. It bounds all work on
 * the window and its part of the state, however many videos wait.
 */
const windowBytes = 80_000;
/** Size of an entry without its id. */
const entryBytes = 48;

/** The position of a video in the queue. */
export interface QueuePlace extends WaitingVideo {
  priority: VideoPriority;
  tag: string;
}

/**
 * The front of the queue, bounded in size. A full window keeps the videos that have waited longest. The others are
 * not stored and request again on their own. The longest waiting video therefore enters the window at its next
 * request, so no video starves.
 */
export interface AdmissionWindow {
  has(videoId: string): boolean;
  /** Inserts by waiting time, after videos with the same time. False if the window is full of older videos. */
  add(place: QueuePlace): boolean;
  /** Returns the video that is now first in the lane; null if there is none, or the video was not in the window. */
  remove(videoId: string): string | null;
  /** Takes the next video and moves its lane to the end of the round. */
  next(): string | null;
  /** The first video of each lane, at most `most`. */
  heads(most: number): string[];
  /** Number of the video in the order of `next`, from 1; undefined if it is not in the window. */
  numberOf(videoId: string): number | undefined;
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
    numberOf: (videoId) => numberOf(shelf, videoId),
    size: () => ({ interactive: count(lanes.interactive), batch: count(lanes.batch) }),
    snapshot: () => lanes,
  };
}

/** In each round, every lane gives one video, in the order of the lanes. */
function numberOf({ lanes, placeOf }: Shelf, videoId: string): number | undefined {
  const place = placeOf.get(videoId);
  if (!place) return undefined;
  const round = lanes[place.priority];
  const turn = round.indexOf(place.lane);
  const index = place.lane.videos.findIndex((video) => video.videoId === videoId);
  const before = round.map(({ videos }, lane) =>
    Math.min(videos.length, index + Number(lane < turn)),
  );
  const first = place.priority === 'batch' ? count(lanes.interactive) : 0;
  return first + before.reduce((sum, videos) => sum + videos, 1);
}

interface Shelf {
  lanes: WaitingVideos;
  bytes: Record<VideoPriority, number>;
  /** By video id. */
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

/**
 * Which lane loses its last video in a full window: the longest one; among equally long ones, the one with the most
 * recent video.
 */
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
