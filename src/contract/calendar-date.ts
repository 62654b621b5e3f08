/**
 * The day of a moment in a time zone, as `YYYY-MM-DD`.
 *
 * @param timeZone IANA name, e.g. `Europe/Berlin`.
 * @throws {RangeError} an unknown time zone
 */
export function calendarDate(moment: Date, timeZone = 'UTC'): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(moment);
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? '';
  return [part('year').padStart(4, '0'), part('month'), part('day')].join('-');
}
