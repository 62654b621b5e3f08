/** The place of a waiting video at the time of the admission's answer. Older builds do not tell it. */
export interface PlaceInQueue {
  /** 1 is the next one. Absent behind the first 900 or so, where the order is not known. */
  place?: number;
  /** How many wait, approximately: a cancelled video may be counted for some time. */
  of: number;
  /** The number of slots of the account. */
  slots: number;
  /** ISO 8601, UTC. Absent until enough jobs have ended to know how long they take. */
  expectedStart?: string;
}

/** In the status of a waiting video. It is renewed when the video requests admission again. */
export interface WaitingPlace extends Omit<PlaceInQueue, 'slots'> {
  /** When the admission said so, ISO 8601, UTC. */
  asOf: string;
}

/** The place without an expected start that is past: then it is not known when the video starts. */
export function placeAt(waiting: WaitingPlace, nowMs: number): WaitingPlace {
  const { expectedStart, ...rest } = waiting;
  return expectedStart !== undefined && Date.parse(expectedStart) < nowMs ? rest : waiting;
}

/** `3rd of 12, expected to start at about 14:05`. @param minuteText Writes a time, ISO 8601, to the minute. */
export function placeWords(
  { place, of, expectedStart }: Omit<PlaceInQueue, 'slots'>,
  minuteText: (iso: string) => string,
): string {
  const where = place === undefined ? `one of ${of}` : `${ordinal(place)} of ${of}`;
  if (expectedStart === undefined) return where;
  return `${where}, expected to start at about ${minuteText(expectedStart)}`;
}

/** Why there is no slot. @param slots The number of slots of the account. */
export function noSlotWords(slots: number | undefined): string {
  if (slots === undefined) return 'The admission has no slot free';
  if (slots === 0) return 'The limit of the account is 0 jobs at once, so no video is started';
  return slots === 1 ? 'The only slot is taken' : `All ${slots} slots are taken`;
}

/** `1st`, `12th`, `23rd`. */
function ordinal(place: number): string {
  const isTeen = Math.floor(place / 10) % 10 === 1;
  const ending = isTeen ? undefined : ['th', 'st', 'nd', 'rd'][place % 10];
  return `${place}${ending ?? 'th'}`;
}
