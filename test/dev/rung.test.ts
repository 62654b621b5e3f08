import { expect, test } from 'vitest';
import { climb, type Rung, type RungAnswer } from '../../src/dev/rung.ts';

function ladder(answers: Record<string, RungAnswer>) {
  const asked: string[] = [];
  const progress: string[] = [];
  const rungs = Object.entries(answers).map(([name, answer]): Rung => {
    const find = async (): Promise<RungAnswer> => {
      asked.push(name);
      return answer;
    };
    return { name, find };
  });
  const onProgress = (line: string): void => void progress.push(line);
  const found = climb({ rungs, sought: 'a server', advice: 'Set ADDRESS', onProgress });
  return { asked, progress, found };
}

test('climb() takes the first rung that bears and asks no later one', async () => {
  const { asked, found } = ladder({
    path: { reason: 'no such program' },
    cache: { path: '/cached' },
    pip: { path: '/downloaded' },
  });

  await expect(found).resolves.toEqual({ path: '/cached', source: 'cache' });
  expect(asked).toEqual(['path', 'cache']);
});

test('climb() says at once which source it cannot use and why', async () => {
  const { progress, found } = ladder({ path: { reason: 'no such program' }, pip: { path: '/p' } });

  await found;
  expect(progress).toEqual(['Looking for a server: not from path (no such program)']);
});

test('climb() without a rung that bears lists every reason in order, then what to do', async () => {
  const { found } = ladder({ path: { reason: 'no such program' }, pip: { reason: 'no python3' } });

  await expect(found).rejects.toThrow(
    'Cannot find a server\n  1. path: no such program\n  2. pip: no python3\nSet ADDRESS',
  );
});
