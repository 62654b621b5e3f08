import { expect, test } from 'vitest';
import { parseBatchOptions } from '../../src/cli/batch/options.ts';
import { parseDuration, parseMoment } from '../../src/cli/schedule/times.ts';
import { checkedBatchName } from '../../src/client/batch/start-batch.ts';
import { nameOfFile } from '../../src/manifest/batch-name.ts';
import { calendarDate } from '../../src/contract/calendar-date.ts';

test.each([
  ['launch.csv', 'launch'],
  ['/a b/Summer Sale (2).yaml', 'summer-sale-2'],
  ['-- x.jsonl', 'x'],
])('the file %j gives its batch the name %j', (path, name) => {
  expect(nameOfFile(path)).toBe(name);
  expect(checkedBatchName(nameOfFile(path))).toBe(name);
});

test.each(['', 'Launch', 'a/b', '../x', 'a b', 'ä', '.x', 'x'.repeat(81)])(
  'a batch cannot be named %j',
  (name) => {
    expect(() => checkedBatchName(name)).toThrow(/name/);
  },
);

test('the flags of a batch become its input, and wrong ones are refused by name', () => {
  expect(parseBatchOptions({})).toEqual({});
  expect(
    parseBatchOptions({ window: '5', deadline: '1.5', capVideos: '10', timezone: 'Asia/Tokyo' }),
  ).toEqual({ window: 5, deadlineMs: 90_000, caps: { videos: 10 }, timeZone: 'Asia/Tokyo' });
  expect(parseBatchOptions({ capSeconds: '90', capMoney: '4.5' })).toEqual({
    caps: { seconds: 90, money: 4.5 },
  });
  expect(() => parseBatchOptions({ window: '0' })).toThrow(/--window "0"/);
  expect(() => parseBatchOptions({ window: '1.5' })).toThrow(/whole/);
  expect(() => parseBatchOptions({ capSeconds: 'many' })).toThrow(/--cap-seconds "many"/);
});

test('durations and moments are read as they are documented', () => {
  expect(['90s', '30m', '6h', '1d'].map((text) => parseDuration('--every', text))).toEqual([
    90_000, 1_800_000, 21_600_000, 86_400_000,
  ]);
  expect(() => parseDuration('--every', '0m')).toThrow(/--every "0m"/);
  expect(parseMoment('--from', '2026-11-23').toISOString()).toBe('2026-11-23T00:00:00.000Z');
  expect(parseMoment('--from', '2026-11-23T03:00').toISOString()).toBe('2026-11-23T03:00:00.000Z');
  expect(parseMoment('--to', '2026-11-23T03:00+02:00').toISOString()).toBe(
    '2026-11-23T01:00:00.000Z',
  );
  expect(() => parseMoment('--to', 'tomorrow')).toThrow(/--to/);
});

test('the day of a moment depends on where one is', () => {
  const moment = new Date('2026-11-23T23:30:00Z');
  expect(calendarDate(moment)).toBe('2026-11-23');
  expect(calendarDate(moment, 'Asia/Tokyo')).toBe('2026-11-24');
  expect(() => calendarDate(moment, 'Mars/Olympus')).toThrow(RangeError);
});
