import { describe, expect, test } from 'vitest';
import { parseBaseUrl } from '../../src/gateway/transport/base-url.ts';
import { resultUrls } from '../../src/gateway/jobs/field-places.ts';
import { readGatewayWords } from '../../src/gateway/faults/gateway-words.ts';
import { readJobStatus } from '../../src/gateway/jobs/job-status.ts';
import { redact, shorten } from '../../src/gateway/faults/redact.ts';

const place = { base: parseBaseUrl('https://88api.ai'), jobId: 'task_1' };
const content = 'https://88api.ai/v1/videos/task_1/content';

describe('readGatewayWords()', () => {
  test.each([
    [
      { code: 'c', message: 'm', data: null },
      { envelope: 'task', code: 'c', message: 'm' },
    ],
    [
      { error: { message: 'm', type: 't', code: '' } },
      { envelope: 'error', type: 't', message: 'm' },
    ],
    [{ error: { message: 'm', code: 7 } }, { envelope: 'error', code: '7', message: 'm' }],
    [{ error: 'm' }, { envelope: 'error', message: 'm' }],
    [
      { code: 50411, message: 'm' },
      { envelope: 'task', code: '50411', message: 'm' },
    ],
    [{ detail: 'm' }, { envelope: 'error', message: 'm' }],
    [{ code: 'success', message: '', data: {} }, { envelope: 'none' }],
    [{ error: null }, { envelope: 'none' }],
    [[], { envelope: 'none' }],
    [null, { envelope: 'none' }],
  ])('%j', (body, expected) => {
    expect(readGatewayWords(body)).toEqual(expected);
  });

  test('reads one level of nested JSON and keeps its code', () => {
    const message = JSON.stringify({
      error: { message: 'no (request id: inner)', code: 'moderation_blocked' },
    });
    expect(readGatewayWords({ code: 'fail_to_fetch_task', message })).toEqual({
      envelope: 'task',
      code: 'fail_to_fetch_task',
      innerCode: 'moderation_blocked',
      message: 'no',
      requestId: 'inner',
    });
  });

  test('keeps Chinese words, takes the request id and the markup out', () => {
    const chinese = { error: { message: '无效的令牌 (request id: 2026x)', code: '' } };
    expect(readGatewayWords(chinese)).toMatchObject({ message: '无效的令牌', requestId: '2026x' });
    const page = {
      code: 'x',
      message: '<html><head><style>p{}</style><title>502</title></head><p>Bad</p></html>',
    };
    expect(readGatewayWords(page).message).toBe('502 Bad');
  });

  test('is never longer than 500 characters', () => {
    const { message } = readGatewayWords({ code: 'x', message: '视'.repeat(9_000) });
    expect(message).toHaveLength(500);
  });
});

describe('resultUrls()', () => {
  const url = "https://m.example/x.mp4?s=a'b%2f";
  const places: unknown[] = [
    { url },
    { video_url: url },
    { result_url: url },
    { metadata: { url } },
    { content: { video_url: url } },
    { content: [{ type: 'video_url', video_url: { url } }] },
    { output: { video_url: url } },
    { video: { url } },
    { result: url },
    { results: [url] },
    { data: { result_url: url } },
    { data: { url } },
    { fail_reason: url },
    { data: { data: { task_result: { videos: [{ url }] } } } },
    { data: { creations: [{ url }] } },
    { data: { content: { video_url: url } } },
    { data: { output: { video_url: url } } },
    { data: { data: { video_url: url } } },
    { data: { file: { download_url: url } } },
    {
      data: { response: { generateVideoResponse: { generatedVideos: [{ video: { uri: url } }] } } },
    },
  ];

  test.each(places.map((body) => [JSON.stringify(body).slice(0, 60), body]))(
    'finds %s',
    (_, body) => {
      expect(resultUrls(body, place)).toEqual([url, content]);
    },
  );

  test('orders, and names each address once', () => {
    const body = {
      result_url: 'https://m/3',
      video_url: 'https://m/2',
      url: 'https://m/1',
      metadata: { url: 'https://m/2' },
    };
    expect(resultUrls(body, place)).toEqual(['https://m/1', 'https://m/2', 'https://m/3', content]);
  });

  test.each([
    'gs://bucket/x',
    'generated video contains sensitive content',
    'http://localhost:3000/v1/videos/task_1/content',
    '/v1/videos/task_1/content',
    content,
    '',
  ])('"%s" leaves only our own address', (text) => {
    expect(resultUrls({ url: text, fail_reason: text }, place)).toEqual([content]);
  });

  test.each([
    ['task_result.videos', { task_result: { videos: [{ url: 'https://m/1' }] } }],
    ['output', { output: 'https://m/1' }],
    ['output as a list', { output: ['https://m/1'] }],
    ['outputs', { outputs: ['https://m/1'] }],
    ['outputs as objects', { outputs: [{ url: 'https://m/1' }] }],
    ['videos', { videos: [{ url: 'https://m/1' }] }],
    ['data.video_url', { data: { video_url: 'https://m/1' } }],
    ['download_url', { download_url: 'https://m/1' }],
    ['data as a list', { data: [{ url: 'https://m/1' }] }],
  ])('an address in %s is found', (_, body) => {
    expect(resultUrls(body, place)).toEqual(['https://m/1', content]);
  });

  test('a relative address, and another job behind the same path, are addresses', () => {
    expect(resultUrls({ url: '/media/x.mp4' }, place)[0]).toBe('https://88api.ai/media/x.mp4');
    const other = 'https://other.example/v1/videos/task_2/content';
    expect(resultUrls({ url: other }, place)).toEqual([other, content]);
  });
});

describe('readJobStatus()', () => {
  const read = (body: unknown) => readJobStatus(body, place);

  test('the bare rc.30 body', () => {
    const body = {
      created_at: 1_788_400_582,
      fail_reason: '',
      finished_at: 1_788_400_867,
      progress: '100%',
      status: 'SUCCESS',
      task_id: 'task_1',
    };
    expect(read(body)).toEqual({
      state: 'succeeded',
      rawStatus: 'SUCCESS',
      noNews: false,
      progressPercent: 100,
      resultUrls: [content],
      reasonMissing: false,
      createdAt: 1_788_400_582_000,
      completedAt: 1_788_400_867_000,
    });
  });

  test('both routes take both shapes, and what relatives send', () => {
    expect(read({ code: 0, data: { status: 'IN_PROGRESS' } })).toMatchObject({ state: 'running' });
    expect(read({ data: { status: 'completed', url: 'https://m/x' } })).toMatchObject({
      state: 'succeeded',
    });
    expect(read({ done: true })).toMatchObject({ state: 'succeeded', noNews: false });
    expect(read({ done: true, error: { message: 'x' } })).toMatchObject({ state: 'failed' });
    expect(read({ status: 2 })).toMatchObject({ state: 'running', unknownWord: '2' });
    expect(read([])).toBeUndefined();
  });

  test('reasons in all their places', () => {
    const reason = (body: object) => read({ status: 'failed', ...body })?.failure?.message;
    expect(reason({ error: { message: 'a' }, fail_reason: 'b' })).toBe('a');
    expect(reason({ error: 'a' })).toBe('a');
    expect(reason({ fail_reason: 'b', message: 'c', code: 'x' })).toBe('b');
    expect(reason({ message: 'c', code: 'x' })).toBe('c');
    expect(reason({ metadata: { url: 'text' } })).toBe('text');
    expect(reason({ url: 'https://m/x' })).toBe('The gateway gave no reason');
  });

  test('the reason of a vendor behind the row', () => {
    const kling = (message: string) => ({
      code: 'success',
      data: {
        status: 'FAILURE',
        fail_reason: '',
        data: {
          code: 0,
          message,
          data: { task_status: 'failed', task_status_msg: 'risk control' },
        },
      },
    });
    expect(read(kling('SUCCEED'))?.failure?.message).toBe('risk control');
    const native = { task_id: 'k', task_status: 'failed', task_status_msg: 'risk control' };
    const body = { code: 0, message: 'SUCCEED', data: native };
    expect(read(body)).toMatchObject({ state: 'failed', failure: { message: 'risk control' } });
  });

  test.each(['SUCCEED', 'SUCCESS', 'success', 'ok'])('"%s" is no reason', (word) => {
    expect(read({ status: 'failed', fail_reason: word, message: word, code: 'x' })).toMatchObject({
      failure: { message: 'The gateway gave no reason' },
      reasonMissing: true,
    });
  });

  test('a state in task_status, and its video beside it', () => {
    const task_result = { videos: [{ url: 'https://m/k' }] };
    const native = { task_id: 'k', task_status: 'succeed', task_result };
    const found = { state: 'succeeded', noNews: false, resultUrls: ['https://m/k', content] };
    expect(read({ code: 0, message: 'SUCCEED', data: native })).toMatchObject(found);
    expect(read(native)).toMatchObject(found);
  });

  test('a reason that a plugin hides is missing', () => {
    const error = { code: 'video_generation_failed', message: 'The video generation task failed.' };
    expect(read({ status: 'failed', error })).toMatchObject({ reasonMissing: true });
  });

  test('expiry comes from the field, else from the link; usage from usage', () => {
    const url = 'https://m/x?Expires=1795503600';
    expect(read({ status: 'completed', url, expires_at: 1_795_000_000 })?.expiresAt).toBe(
      1_795_000_000_000,
    );
    expect(read({ status: 'completed', url, usage: { seconds: '5.1' } })).toMatchObject({
      expiresAt: 1_795_503_600_000,
      usageSeconds: 5.1,
    });
  });
});

test('redact() takes links, keys and files out and leaves words', () => {
  const text =
    "see https://u:p@m.example/x.mp4?sig='1 key sk-abcdefgh1 Bearer abc.def_ghi and data:video/mp4;base64,AAAA=";
  expect(redact(text)).toBe('see https://m.example/x.mp4 key [key] Bearer [key] and data:[…]');
  expect(redact('my secret', ['secret'])).toBe('my [key]');
  expect(shorten('短'.repeat(9), 5)).toBe('短短短短…');
});
