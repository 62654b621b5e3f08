import { expect, test } from 'vitest';
import { createAddressMemory } from '../../src/activities/deliver/address-memory.ts';

test('addresses are given out once, and not to another job', () => {
  const memory = createAddressMemory();
  memory.remember('task_1', ['https://media.example/1']);
  expect(memory.take('task_2')).toBeUndefined();
  expect(memory.take('task_1')).toEqual(['https://media.example/1']);
  expect(memory.take('task_1')).toBeUndefined();
});

test('the addresses of the last poll replace those of an earlier one', () => {
  const memory = createAddressMemory();
  memory.remember('task_1', ['https://media.example/1']);
  memory.remember('task_1', ['https://media.example/2']);
  expect(memory.take('task_1')).toEqual(['https://media.example/2']);
  memory.remember('task_1', ['https://media.example/3']);
  memory.remember('task_1', []);
  expect(memory.take('task_1')).toBeUndefined();
});

test('addresses are forgotten after a minute', () => {
  let at = 0;
  const memory = createAddressMemory({ now: () => at });
  memory.remember('task_1', ['https://media.example/1']);
  memory.remember('task_2', ['https://media.example/2']);
  at = 60_000;
  expect(memory.take('task_1')).toBeDefined();
  at = 60_001;
  expect(memory.take('task_2')).toBeUndefined();
});

test('only the newest 500 jobs are remembered', () => {
  const memory = createAddressMemory();
  for (let job = 0; job < 501; job += 1) memory.remember(`task_${job}`, ['https://media.example/']);
  expect(memory.take('task_0')).toBeUndefined();
  expect(memory.take('task_1')).toBeDefined();
  expect(memory.take('task_500')).toBeDefined();
});

test('an address that holds the video itself is not remembered', () => {
  const memory = createAddressMemory();
  memory.remember('task_1', [`data:video/mp4;base64,${'A'.repeat(100_000)}`]);
  expect(memory.take('task_1')).toBeUndefined();
});
