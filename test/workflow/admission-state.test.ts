import { expect, test } from 'vitest';
import {
  emptyState as emptyBefore,
  openBook as openBefore,
} from '../../src/workflows/admission/before-book.ts';
import { openBook } from '../../src/workflows/admission/book.ts';
import { readState } from '../../src/workflows/admission/state.ts';
import { asking, noonMs, today } from './admission-asks.ts';

test('an admission that was started before the window existed continues with its slots, counts, limits and order', () => {
  const before = openBefore({ ...emptyBefore, limits: { jobs: 2 } });
  for (const videoId of ['a', 'b', 'c', 'd']) before.ask(asking(videoId), noonMs);
  before.ask(asking('x', { priority: 'batch' }), noonMs);
  before.release({ videoId: 'a', spent: 'maybe' }, noonMs);
  before.takeReady();
  const handedOn = JSON.parse(JSON.stringify(before.snapshot(noonMs)));
  const book = openBook(readState(handedOn));
  const status = book.status(noonMs);
  expect(status.limits).toEqual({ jobs: 2 });
  expect(status.inFlight.map(({ videoId }) => videoId)).toEqual(['b', 'c']);
  expect(status.reserved.map(({ videoId }) => videoId)).toEqual(['a']);
  expect(status.waiting).toEqual({ interactive: 1, batch: 1 });
  expect(status.spent[today]).toMatchObject({ videos: 3 });
  expect(book.ask(asking('new'), noonMs).outcome).toBe('waiting');
  book.release({ videoId: 'b', spent: 'no' }, noonMs);
  expect(book.takeReady(100)).toEqual(['d']);
  expect(book.status(noonMs).spent[today]).toMatchObject({ videos: 2 });
});
