import { expect, test } from 'vitest';
import { tryInOrder, type BinarySource, type SourceAnswer } from '../../src/dev/binary-source.ts';

function search(answers: Record<string, SourceAnswer>) {
  const asked: string[] = [];
  const progress: string[] = [];
  const sources = Object.entries(answers).map(([name, answer]): BinarySource => {
    const find = async (): Promise<SourceAnswer> => {
      asked.push(name);
      return answer;
    };
    return { name, find };
  });
  const onProgress = (line: string): void => void progress.push(line);
  const found = tryInOrder({ sources, sought: 'a server', advice: 'Set ADDRESS', onProgress });
  return { asked, progress, found };
}

test('tryInOrder() takes the first source that has one and asks no later one', async () => {
  const { asked, found } = search({
    path: { reason: 'no such program' },
    cache: { path: '/cached' },
    pip: { path: '/downloaded' },
  });

  await expect(found).resolves.toEqual({ path: '/cached', source: 'cache' });
  expect(asked).toEqual(['path', 'cache']);
});

test('tryInOrder() says at once which source it cannot use and why', async () => {
  const { progress, found } = search({ path: { reason: 'no such program' }, pip: { path: '/p' } });

  await found;
  expect(progress).toEqual(['Looking for a server: path not available (no such program)']);
});

test('tryInOrder() without a source that has one lists every reason in order, then what to do', async () => {
  const { found } = search({ path: { reason: 'no such program' }, pip: { reason: 'no python3' } });

  await expect(found).rejects.toThrow(
    'Cannot find a server\n  1. path: no such program\n  2. pip: no python3\nSet ADDRESS',
  );
});
