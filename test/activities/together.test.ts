import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createTogether, type Pending } from '../../src/activities/admission/together.ts';

type Outcome = (entry: Pending<string, string>) => void;

function groupWith(settle: Outcome) {
  return createTogether<string, string>({
    payloadOf: (entry) => entry,
    post: async (list) => list.forEach(settle),
    limitMs: 60_000,
  });
}

// Node keeps a signal of AbortSignal.any() with a listener until it is aborted: here, as long as the worker runs.
test.each<[string, Outcome]>([
  ['answered', ({ resolve }) => resolve('granted')],
  ['rejected', ({ reject }) => reject(new Error('connection lost'))],
])(
  'an entry that is %s leaves no listener on the signal of its activity',
  async (_name, settle) => {
    const { signal } = new AbortController();
    const answer = groupWith(settle).send('a', signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await answer.catch(() => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  },
);

test('an entry whose activity is cancelled before it is sent is never sent', async () => {
  const gone = new AbortController();
  gone.abort(new Error('cancelled'));
  const sent: string[] = [];
  const group = groupWith(({ entry }) => void sent.push(entry));
  await expect(group.send('a', gone.signal)).rejects.toThrow('cancelled');
  expect(sent).toEqual([]);
});
