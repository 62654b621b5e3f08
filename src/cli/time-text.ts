import { nearestMinute } from '../contract/clock-text.ts';

/** The time of day here, `14:05:10`. @param iso ISO 8601 */
export function timeOfDay(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8);
}

/** The nearest minute of the day here, `14:05`; with the date if it is not today. @param iso ISO 8601 */
export function timeToTheMinute(iso: string): string {
  const time = nearestMinute(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  const text = time.toTimeString().slice(0, 5);
  return isToday ? text : `${text} on ${time.toLocaleDateString('sv')}`;
}
