import { expect, test } from 'vitest';
import { UsageError } from '../../src/cli/context.ts';
import { explainError } from '../../src/cli/report-error.ts';
import { VideoClientError } from '../../src/client.ts';
import { ConfigError } from '../../src/config/settings.ts';

const grpc = (code: number, details: string) =>
  Object.assign(new Error(`${code} X: ${details}`), { code, details });
const wrapped = (code: number, details: string) =>
  Object.assign(new Error('Failed to start', { cause: grpc(code, details) }), {
    name: 'ServiceError',
  });

test.each<[string, unknown, string]>([
  ['bad input', new UsageError('x'), 'badInput'],
  ['a wrong setting', new ConfigError('x'), 'badInput'],
  ['a key of another request', new VideoClientError('key_conflict', 'x'), 'badInput'],
  ['an unknown video', new VideoClientError('not_found', 'x'), 'badInput'],
  ['an earlier, perhaps billed run', new VideoClientError('may_be_billed', 'x'), 'failed'],
  ['no server', new VideoClientError('temporal_unavailable', 'x'), 'unreachable'],
  ['an unknown namespace', grpc(5, 'Namespace nope is not found.'), 'badInput'],
  ['a refused Temporal key', wrapped(16, 'Request unauthorized'), 'badInput'],
  ['a server that went away', wrapped(14, 'No connection established'), 'unreachable'],
  ['a bug of ours', new RangeError('Maximum call stack size exceeded'), 'failed'],
])('explainError() of %s', (_, error, exit) => {
  expect(explainError(error).exit).toBe(exit);
});

test('explainError() makes one line of a message with many', () => {
  expect(explainError(new UsageError('one\n  two\n')).message).toBe('one two');
});
