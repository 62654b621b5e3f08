import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { endOf } from '../../../src/cli/mcp/end-of.ts';

test.for([
  ['it ends', (stream: PassThrough) => stream.end().resume()],
  ['it is closed', (stream: PassThrough) => stream.destroy()],
] as const)('the signal of a stream is aborted when %s', async ([, finish]) => {
  const stream = new PassThrough();
  const signal = endOf(stream);
  expect(signal.aborted).toBe(false);
  const aborted = once(signal, 'abort');
  finish(stream);
  await aborted;
  expect(signal.aborted).toBe(true);
});
