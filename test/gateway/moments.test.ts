import { describe, expect, test } from 'vitest';
import type { VideoFormat } from '../../src/contract/video-request.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { type Reply, startWireServer } from '../fakes/wire-server.ts';

/** The moments that break a naive client; one test for each, in their order. */
async function statusOf(format: VideoFormat, reply: Reply | string, jobId = 'task_1') {
  await using server = await startWireServer(typeof reply === 'string' ? { body: reply } : reply);
  const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
  const status = gateway.status({ format, jobId }, { timeoutMs: 5_000 });
  const settled = await status.catch((error: unknown) => error as Record<string, unknown>);
  expect(server.seen).toHaveLength(1);
  return JSON.parse(JSON.stringify(settled).replaceAll(server.origin, 'BASE'));
}

async function submitted(format: VideoFormat, reply: Reply) {
  await using server = await startWireServer(reply);
  const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
  const job = gateway.submit({ format, body: { model: 'm', prompt: 'p' } }, { timeoutMs: 5_000 });
  const settled: unknown = await job.catch((error: unknown) => error);
  expect(server.seen).toHaveLength(1);
  return settled;
}

const timeout = '任务超时（1440分钟）';

describe('the twenty-two moments', () => {
  test('1: the enveloped, upper-case success is a success', async () => {
    const body = {
      task_id: 'task_1',
      status: 'SUCCESS',
      progress: '100%',
      result_url: 'https://m/x',
    };
    const text = JSON.stringify({ code: 'success', message: '', data: body });
    expect(await statusOf('generations', text)).toMatchObject({
      state: 'succeeded',
      progressPercent: 100,
      resultUrls: ['https://m/x', 'BASE/v1/videos/task_1/content'],
    });
  });

  test('2: the error text in the address of a failed job is no address', async () => {
    const data = { status: 'FAILURE', fail_reason: timeout, result_url: timeout, progress: '100%' };
    expect(await statusOf('generations', JSON.stringify({ code: 'success', data }))).toMatchObject({
      state: 'failed',
      resultUrls: [],
      failure: { kind: 'task_timeout', message: timeout },
    });
  });

  test('2: "no need to submit again" is the reason of a FAILURE, and of any other word no verdict', async () => {
    const statusWith = (status: string) => {
      const data = { status, progress: '100%', fail_reason: '状态暂时无法读取，无需重新提交' };
      return statusOf('generations', JSON.stringify({ code: 'success', data }));
    };
    expect(await statusWith('FAILURE')).toMatchObject({
      state: 'failed',
      reasonMissing: false,
      failure: { kind: 'task_failed', message: '状态暂时无法读取，无需重新提交' },
    });
    expect((await statusWith('UNKNOWN')).state).toBe('queued');
    expect((await statusWith('IN_PROGRESS')).state).toBe('running');
  });

  test('3: completed is succeeded', async () => {
    const text =
      '{"id":"task_1","object":"video","status":"completed","progress":100,"url":"https://m/x"}';
    expect(await statusOf('videos', text)).toMatchObject({ state: 'succeeded', noNews: false });
  });

  test('4: unknown is a word of the first seconds', async () => {
    const status = await statusOf('videos', '{"id":"task_1","status":"unknown","progress":0}');
    expect(status).toMatchObject({ state: 'queued', rawStatus: 'unknown', progressPercent: 0 });
    expect(status.unknownWord).toBeUndefined();
  });

  test('5: data null is no news', async () => {
    const status = await statusOf('generations', '{"code":"success","data":null}');
    expect(status).toMatchObject({ noNews: true, resultUrls: [] });
  });

  test('6: task_not_exist is an error of its own', async () => {
    const body = '{"code":"task_not_exist","message":"task_not_exist","data":null}';
    expect(await statusOf('videos', { status: 400, body })).toMatchObject({
      kind: 'task_not_found',
    });
    expect(await statusOf('videos', { status: 200, body })).toMatchObject({
      kind: 'task_not_found',
    });
  });

  test.each([401, 403, 503])('7: an error %i on submit is no job', async (status) => {
    const body = '{"error":{"message":"x","type":"new_api_error","code":"model_not_found"}}';
    expect(await submitted('generations', { status, body })).toMatchObject({ httpStatus: status });
  });

  test('8: an empty 429 is a limit on every route', async () => {
    expect(await submitted('videos', { status: 429 })).toMatchObject({ kind: 'rate_limited' });
    expect(await statusOf('videos', { status: 429 })).toMatchObject({ kind: 'rate_limited' });
  });

  test('9: an HTML 524 is unknown on submit and passing on status', async () => {
    const reply = { status: 524, body: '<html>timeout</html>' };
    expect(await submitted('videos', reply)).toMatchObject({ submitOutcome: 'unknown' });
    expect(await statusOf('videos', reply)).toMatchObject({ kind: 'gateway_unavailable' });
  });

  test('10: the words inside an error object are found', async () => {
    const body =
      '{"error":{"message":"none (request id: r1)","type":"new_api_error","code":"model_not_found"}}';
    expect(await submitted('videos', { status: 503, body })).toMatchObject({
      gatewayMessage: 'none',
      gatewayCode: 'model_not_found',
      requestId: 'r1',
    });
  });

  test('11: a failure without a reason says so', async () => {
    expect(await statusOf('videos', '{"status":"failed"}')).toMatchObject({
      state: 'failed',
      reasonMissing: true,
      failure: { kind: 'task_failed', message: 'The gateway gave no reason' },
    });
  });

  test('12: a body without a status is neither news nor verdict', async () => {
    expect(await statusOf('videos', '{"id":"task_1"}')).toMatchObject({ noNews: true });
    const error = '{"error":{"message":"x","code":null},"id":"task_1"}';
    expect(await statusOf('videos', error)).toMatchObject({ noNews: true });
  });

  test.each([
    ['cancelled', 'failed'],
    ['expired', 'failed'],
    ['done', 'succeeded'],
    ['Success', 'succeeded'],
    ['SUCCEEDED', 'succeeded'],
  ])('13: %s is %s', async (word, state) => {
    expect(await statusOf('videos', JSON.stringify({ status: word }))).toMatchObject({ state });
  });

  test('14: an answer with only an id is a job', async () => {
    const body = '{"id":"video_6984","object":"video","status":"queued"}';
    expect(await submitted('generations', { body })).toMatchObject({ jobId: 'video_6984' });
  });

  test('15: an unknown word is never terminal and is kept', async () => {
    const status = await statusOf('videos', '{"status":"Reviewing Now"}');
    expect(status).toMatchObject({ state: 'running', unknownWord: 'Reviewing Now', noNews: false });
  });

  test('16: success without an address leaves /content', async () => {
    const status = await statusOf(
      'videos',
      '{"status":"completed","metadata":{"url":""}}',
      'a/b+c=',
    );
    expect(status.resultUrls).toEqual(['BASE/v1/videos/a%2Fb%2Bc%3D/content']);
  });

  test('17: the address is asked by id, encoded', async () => {
    await using server = await startWireServer({ body: '{"status":"queued"}' });
    const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
    await gateway.status({ format: 'generations', jobId: 'a/b+c=' }, { timeoutMs: 5_000 });
    expect(server.seen[0]?.path).toBe('/v1/video/generations/a%2Fb%2Bc%3D');
  });

  test('18: a poll body of 20 MB is read, and a video in an address is an address', async () => {
    const bytesBase64Encoded = 'A'.repeat(20_000_000);
    const raw = { response: { videos: [{ bytesBase64Encoded }] } };
    const data = { status: 'SUCCESS', url: 'data:video/mp4;base64,AAAA', data: raw };
    const status = await statusOf('generations', JSON.stringify({ code: 'success', data }));
    expect(status.resultUrls).toEqual([
      'data:video/mp4;base64,AAAA',
      'BASE/v1/videos/task_1/content',
    ]);
    expect(JSON.stringify(status).length).toBeLessThan(1_000);
  });

  test('19: progress is a number or nothing, and never a verdict', async () => {
    const running = await statusOf('videos', '{"status":"in_progress","progress":"30%"}');
    expect(running).toMatchObject({ state: 'running', progressPercent: 30 });
    const ali = await statusOf('videos', '{"status":"in_progress","progress":100}');
    expect(ali).toMatchObject({ state: 'running', progressPercent: 100 });
    expect(await statusOf('videos', '{"status":"queued","progress":""}')).not.toHaveProperty(
      'progressPercent',
    );
  });

  test('20: a refused size is refused', async () => {
    const body = '{"code":"invalid_size","message":"sora-2 size is invalid","data":null}';
    expect(await submitted('videos', { status: 400, body })).toMatchObject({
      submitOutcome: 'refused',
      gatewayCode: 'invalid_size',
      billed: 'no',
    });
  });

  test('21: a lost answer is not asked for again', async () => {
    const error = await submitted('videos', (_, response) => response.destroy());
    expect(error).toMatchObject({ submitOutcome: 'unknown', billed: 'maybe' });
  });

  test('22: many questions at once are one exchange each', async () => {
    await using server = await startWireServer({ body: '{"status":"queued"}' });
    const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
    const ids = Array.from({ length: 30 }, (_, index) => `task_${index}`);
    const ask = (jobId: string) =>
      gateway.status({ format: 'videos', jobId }, { timeoutMs: 5_000 });
    await Promise.all(ids.map(ask));
    expect(server.seen.map(({ path }) => path).toSorted()).toEqual(
      ids.map((id) => `/v1/videos/${id}`).toSorted(),
    );
  });
});
