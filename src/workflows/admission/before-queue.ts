import type { AdmissionRequest, VideoPriority } from '../../contract/admission.ts';

/** Those with the same first tag, in the order in which they came. */
interface Lane {
  tag: string;
  asks: AdmissionRequest[];
}

/** Who waits. The lanes of a priority are in the order of their turns. */
export type WaitingAsks = Record<VideoPriority, Lane[]>;

/** Before every batch video, the interactive ones; among equals, tag by tag in turn. */
export const priorities = ['interactive', 'batch'] as const satisfies VideoPriority[];

export const nobodyWaits: WaitingAsks = { interactive: [], batch: [] };

/** The queue of an admission. An ask stands in it once, by its video. */
export interface AdmissionQueue {
  has(videoId: string): boolean;
  /** At the end of its lane; a new lane begins at the end of the round. */
  add(ask: AdmissionRequest): void;
  remove(videoId: string): void;
  /** Takes the next one, and sends its lane to the end of the round. */
  next(): AdmissionRequest | null;
  /** Takes out those for whom waiting has no use. */
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
