import { describe, expect, test } from 'vitest';
import { foreseeCron, spelledTimeZone } from '../../src/client/batch/cron-firings.ts';

const nowMs = Date.UTC(2026, 10, 29, 12);
const foresee = (cron: string, timeZone?: string) =>
  foreseeCron({ cron, nowMs, ...(timeZone !== undefined && { timeZone }) });

describe('a firing at a local time that does not exist', () => {
  test.each([
    ['0 2 * * *', 'Europe/Berlin', ['2027-03-28T02:00'], '0 3 * * *'],
    ['30 2 * * *', 'Europe/Berlin', ['2027-03-28T02:30'], '30 3 * * *'],
    ['30 2 * * *', 'America/New_York', ['2027-03-14T02:30'], '30 3 * * *'],
    ['15 0 * * *', 'Africa/Cairo', ['2027-04-30T00:15'], '15 1 * * *'],
    ['0 2 * * SUN', 'Europe/Berlin', ['2027-03-28T02:00'], '0 3 * * SUN'],
    ['0 2 28 3 *', 'Europe/Berlin', ['2027-03-28T02:00'], '0 3 28 3 *'],
    ['0 2 * * * 2027', 'Europe/Berlin', ['2027-03-28T02:00'], '0 3 * * * 2027'],
    ['0 0 2 * * * *', 'Europe/Berlin', ['2027-03-28T02:00'], '0 0 3 * * * *'],
    ['15 2 * * *', 'Australia/Lord_Howe', ['2027-10-03T02:15'], '15 3 * * *'],
  ])('is foreseen with an hour that exists: %s in %s', (cron, zone, missed, safeCron) => {
    expect(foresee(cron, zone)).toEqual({ missed, safeCron });
  });

  test('is foreseen for each of several, without an hour where the expression names several', () => {
    expect(foresee('*/30 1-3 * * *', 'Europe/Berlin')).toEqual({
      missed: ['2027-03-28T02:00', '2027-03-28T02:30'],
    });
  });

  test('is no matter for a day on which the expression does not fire', () => {
    expect(foresee('0 2 * * MON-SAT', 'Europe/Berlin')).toEqual({ missed: [] });
    expect(foresee('0 2 13 * SUN', 'Europe/Berlin')).toEqual({ missed: [] });
  });

  test.each([
    ['0 3 * * *', 'Europe/Berlin'],
    ['0 2 * * *', 'UTC'],
    ['0 2 * * *', 'Asia/Shanghai'],
    ['@daily', 'Europe/Berlin'],
    ['0 2 * * *', undefined],
  ])('does not occur: %s in %s', (cron, zone) => {
    expect(foresee(cron, zone)).toEqual({ missed: [] });
  });

  test('is limited to a number that people read', () => {
    expect(foresee('* * * * *', 'Europe/Berlin')?.missed.length).toBeLessThan(60);
  });
});

describe('an expression', () => {
  test.each(['0 2 30 2 *', '0 2 1 1 * 2020'])('that never fires is refused: %s', (cron) => {
    expect(() => foresee(cron)).toThrow('never fires');
  });

  test('whose "#" the server reads as a comment is refused', () => {
    expect(() => foresee('0 2 * * MON#2')).toThrow('comment');
  });

  test('with a comment of its own is fine', () => {
    expect(foresee('0 3 * * * # nightly')).toEqual({ missed: [] });
  });

  test.each(['nonsense', '61 2 * * *', '@every 5m'])(
    'that is not read here is left to the server: %s',
    (cron) => {
      expect(foresee(cron)).toBeNull();
    },
  );
});

test('a time zone before the expression counts', () => {
  expect(foresee('CRON_TZ=Europe/Berlin 0 2 * * *')?.missed).toEqual(['2027-03-28T02:00']);
});

test('the name of a time zone is spelled as the server knows it', () => {
  expect(spelledTimeZone('europe/berlin')).toBe('Europe/Berlin');
  expect(spelledTimeZone('utc')).toBe('UTC');
  expect(spelledTimeZone('Mars/Olympus')).toBe('Mars/Olympus');
});
