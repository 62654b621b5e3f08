import type { AdmissionRequest, VideoPriority } from '../../contract/admission.ts';

/** Requests with the same first tag, in order of arrival. */
interface Lane {
  tag: string;
  asks: AdmissionRequest[];
}

/** The waiting requests. The lanes of a priority are in round-robin order. */
export type WaitingAsks = Record<VideoPriority, Lane[]>;

/** Interactive videos come before batch videos; within one priority, tags take turns. */
export const priorities = ['interactive', 'batch'] as const satisfies VideoPriority[];

export const nobodyWaits: WaitingAsks = { interactive: [], batch: [] };

/** The queue of an admission. It has at most one request per video. */
export interface AdmissionQueue {
  has(videoId: string): boolean;
  /** Appends to the lane; a new lane is added at the end of the round. */
  add(ask: AdmissionRequest): void;
  remove(videoId: string): void;
  /** Takes the next request and moves its lane to the end of the round. */
  next(): AdmissionRequest | null;
  /** Removes the requests that wait in vain. */
  dropWhere(isVain: (ask: AdmissionRequest) => boolean): AdmissionRequest[];
  size(): Record<VideoPriority, number>;
  snapshot(): WaitingAsks;
}

export function openQueue(waiting: WaitingAsks): AdmissionQueue {
  const lanes: WaitingAsks = {
    interactive: waiting.interactive.map(copied),
    batch: waiting.batch.map(copied),
  };
  const videoIds = new Set(asksIn(lanes).map(({ videoId }) => videoId));
  const dropWhere = (isVain: (ask: AdmissionRequest) => boolean) => {
    const vain = asksIn(lanes).filter(isVain);
    for (const { videoId } of vain) videoIds.delete(videoId);
    for (const priority of priorities) {
      lanes[priority] = lanes[priority]
        .map(({ tag, asks }) => ({
          tag,
          asks: asks.filter(({ videoId }) => videoIds.has(videoId)),
        }))
        .filter(({ asks }) => asks.length > 0);
    }
    return vain;
  };
  return {
    has: (videoId) => videoIds.has(videoId),
    add: (ask) => {
      videoIds.add(ask.videoId);
      const tag = ask.tags[0] ?? '';
      const lane = lanes[ask.priority].find((found) => found.tag === tag);
      if (lane) lane.asks.push(ask);
      else lanes[ask.priority].push({ tag, asks: [ask] });
    },
    remove: (videoId) => {
      if (videoIds.has(videoId)) dropWhere((ask) => ask.videoId === videoId);
    },
    next: () => {
      const round = priorities.map((priority) => lanes[priority]).find(({ length }) => length > 0);
      const lane = round?.shift();
      const ask = lane?.asks.shift();
      if (!round || !lane || !ask) return null;
      if (lane.asks.length > 0) round.push(lane);
      videoIds.delete(ask.videoId);
      return ask;
    },
    dropWhere,
    size: () => ({ interactive: count(lanes.interactive), batch: count(lanes.batch) }),
    snapshot: () => lanes,
  };
}

function copied({ tag, asks }: Lane): Lane {
  return { tag, asks: [...asks] };
}

function asksIn(lanes: WaitingAsks): AdmissionRequest[] {
  return priorities.flatMap((priority) => lanes[priority].flatMap(({ asks }) => asks));
}

function count(lanes: Lane[]): number {
  return lanes.reduce((sum, { asks }) => sum + asks.length, 0);
}
