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
  ])(
    'is shown with the hour at which it runs instead: %s in %s',
    (cron, zone, missed, safeCron) => {
      expect(foresee(cron, zone)).toEqual({ missed, safeCron });
    },
  );

  test('is shown for each of several hours, and without an hour if the expression names several', () => {
    expect(foresee('*/30 1-3 * * *', 'Europe/Berlin')).toEqual({
      missed: ['2027-03-28T02:00', '2027-03-28T02:30'],
    });
  });

  test('is not reported for a day on which the expression does not fire', () => {
    expect(foresee('0 2 * * MON-SAT', 'Europe/Berlin')).toEqual({ missed: [] });
    expect(foresee('0 2 13 * SUN', 'Europe/Berlin')).toEqual({ missed: [] });
  });

  test.each([
    ['0 3 * * *', 'Europe/Berlin'],
    ['0 2 * * *', 'UTC'],
    ['0 2 * * *', 'Asia/Shanghai'],
    ['@daily', 'Europe/Berlin'],
    ['0 2 * * *', undefined],
  ])('is not reported where all times exist: %s in %s', (cron, zone) => {
    expect(foresee(cron, zone)).toEqual({ missed: [] });
  });

  test('is listed fewer than 60 times, however often the expression fires', () => {
    expect(foresee('* * * * *', 'Europe/Berlin')?.missed.length).toBeLessThan(60);
  });
});

describe('a cron expression', () => {
  test.each(['0 2 30 2 *', '0 2 1 1 * 2020'])('that never fires is refused: %s', (cron) => {
    expect(() => foresee(cron)).toThrow('never fires');
  });

  test('whose "#" the server reads as a comment is refused', () => {
    expect(() => foresee('0 2 * * MON#2')).toThrow('comment');
  });

  test('with a comment is accepted', () => {
    expect(foresee('0 3 * * * # nightly')).toEqual({ missed: [] });
  });

  test.each(['nonsense', '61 2 * * *', '@every 5m'])(
    'that the client does not parse is left to the server: %s',
    (cron) => {
      expect(foresee(cron)).toBeNull();
    },
  );
});

test('a time zone prefix of a cron expression is applied', () => {
  expect(foresee('CRON_TZ=Europe/Berlin 0 2 * * *')?.missed).toEqual(['2027-03-28T02:00']);
});

test('a time zone name is corrected to the spelling of the server, and an unknown name is kept', () => {
  expect(spelledTimeZone('europe/berlin')).toBe('Europe/Berlin');
  expect(spelledTimeZone('utc')).toBe('UTC');
  expect(spelledTimeZone('Mars/Olympus')).toBe('Mars/Olympus');
});
