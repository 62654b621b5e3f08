import { describe, expect, test } from 'vitest';
import { createLogger, type LoggerOptions } from '../../src/worker/logger.ts';

const key = 'sk-canary-0123456789';
const plainSecret = 'no-shape-at-all';

function logInto(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'info',
    format: 'json',
    secrets: [key, plainSecret],
    write: (line) => void lines.push(line),
    ...options,
  });
  return { logger, lines, objects: () => lines.map((line) => JSON.parse(line) as unknown) };
}

describe('a log line', () => {
  test('is one JSON object with the ids as fields', () => {
    const { logger, lines, objects } = logInto();
    logger.info('Video stored', { workflowId: 'video/a', jobId: 'j', sizeBytes: 12, at: 5n });
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(objects()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.+Z$/) as string,
        workflowId: 'video/a',
        jobId: 'j',
        sizeBytes: 12,
        at: '5',
        msg: 'Video stored',
      },
    ]);
  });

  test('comes only from its level on', () => {
    const { logger, lines } = logInto({ level: 'warn' });
    logger.info('no');
    logger.debug('no');
    logger.warn('yes');
    logger.error('yes');
    expect(lines).toHaveLength(2);
  });

  test('keeps type, stack and cause of an error', () => {
    const { logger, objects } = logInto();
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), {
      type: 'auth',
    });
    logger.error('Failed', { error });
    expect(objects()).toMatchObject([
      { error: { name: 'Error', type: 'auth', message: 'outer', cause: { message: 'inner' } } },
    ]);
  });

  test('is one line for people as well, with what it is about', () => {
    const { logger, lines } = logInto({ format: 'pretty' });
    logger.warn('It\nbroke', { workflowId: 'video/a', error: new Error('lost') });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d{4}-\S+ warn: It broke · lost · workflowId=video\/a\n$/);
  });

  test('ends somewhere, whatever is logged', () => {
    const { logger, lines } = logInto();
    const loop: Record<string, unknown> = { text: 'x'.repeat(1_000_000) };
    loop['self'] = loop;
    logger.info('Loop', { loop, bytes: new Uint8Array(1_000_000) });
    expect(lines[0]?.length).toBeLessThan(20_000);
  });
});

describe('no secret comes through', () => {
  const signed = 'https://media.example/v.mp4?Signature=hush&Expires=1';
  const cases = {
    'the key in a message': [`refused ${key}`, {}],
    'a secret without a shape': ['x', { reason: `said ${plainSecret}` }],
    'a key of somebody else': ['x', { reason: 'Bearer abcdefghijk', other: 'sk-abcdefghijkl' }],
    'a header by its name': ['x', { headers: { Authorization: 'hush', 'x-api': 1 } }],
    'a signed link, in a message': [`opened ${signed}`, {}],
    'a signed link, deep in the cause of an error': [
      'x',
      { error: new Error('a', { cause: new Error(`GET ${signed}`) }) },
    ],
    'a signed link, in a list': ['x', { urls: [signed] }],
  } as const satisfies Record<string, readonly [string, object]>;

  test.each(Object.entries(cases))('%s', (_, [message, meta]) => {
    for (const format of ['json', 'pretty'] as const) {
      const { logger, lines } = logInto({ format, level: 'debug' });
      logger.info(message, { ...meta });
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toMatch(/canary|no-shape|hush|abcdefghijk/);
    }
  });
});

describe('a prompt', () => {
  const meta = { request: { body: { model: 'm', prompt: 'my idea' } }, prompt: 'my idea' };

  test('is not told at info', () => {
    const { logger, lines } = logInto();
    logger.warn('x', meta);
    expect(lines[0]).not.toContain('my idea');
  });

  test('is told at debug', () => {
    const { logger, lines } = logInto({ level: 'debug' });
    logger.warn('x', meta);
    expect(lines[0]).toContain('my idea');
  });
});
