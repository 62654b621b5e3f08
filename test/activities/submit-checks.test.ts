import { StorageError } from '../../src/storage/storage-error.ts';
import { CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { maxRequestBytes, type VideoRequest } from '../../src/contract/video-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { withFailing } from '../fakes/temp-storage.ts';
import { claimKey, input, submitHarness } from './submit-harness.ts';

function asked(body: Record<string, unknown>, format: VideoRequest['format'] = 'generations') {
  return { claimKey, request: { format, body } as VideoRequest };
}

describe('before the POST', () => {
  test('a storage that is down means not accepted, and nothing is sent', async () => {
    const { submitVideo, gateway } = await submitHarness({
      through: (storage) => withFailing(storage, ['createSmall']),
    });
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(detailsOf(failure)).toMatchObject({
      kind: 'storage_unavailable',
      outcome: 'not_accepted',
      billed: 'no',
    });
    expect(gateway.submitted).toEqual([]);
  });

  test('a claim that cannot be read means not accepted, and nothing is sent', async () => {
    let isBroken = false;
    const { submitVideo, gateway } = await submitHarness({
      through: (storage) => ({
        ...storage,
        readSmall: (key, maxBytes) =>
          isBroken && key.startsWith('claims/')
            ? Promise.reject(new StorageError('The claim cannot be read'))
            : storage.readSmall(key, maxBytes),
      }),
    });
    await activityHarness().run(submitVideo, input);
    isBroken = true;
    const failure = await failureOf(activityHarness().run(submitVideo, input));
    expect(detailsOf(failure)).toMatchObject({ outcome: 'not_accepted', billed: 'no' });
    expect(gateway.submitted).toHaveLength(1);
  });

  test.each([
    ['a number that lost digits', asked({ model: 'm', prompt: 'p', seed: 2 ** 60 }), 'seed'],
    ['a model with a space at its end', asked({ model: 'm ', prompt: 'p' }), 'model'],
    ['two lengths', asked({ model: 'm', prompt: 'p', seconds: '4', duration: 8 }), 'seconds'],
    ['no prompt', asked({ model: 'kling-v1' }), 'prompt'],
    ['a blank prompt', asked({ model: 'kling-v1', prompt: ' \n' }), 'prompt'],
    ['no model', asked({ prompt: 'p' }), 'model'],
    ['an unknown format', asked({ model: 'm', prompt: 'p' }, 'images' as never), 'format'],
    [
      'a body above the limit',
      asked({ model: 'm', prompt: 'x'.repeat(maxRequestBytes) }),
      String(maxRequestBytes),
    ],
    [
      'a size that sora refuses',
      asked({ model: 'sora-2', prompt: 'p', seconds: '4', size: '1920x1080' }, 'videos'),
      'size',
    ],
    [
      'an image that is not stored',
      asked({ model: 'kling-v1', prompt: 'p', image: `stored-image:sha256:${'a'.repeat(64)}` }),
      'stored-image',
    ],
    [
      'an image without a digest',
      asked({ model: 'kling-v1', prompt: 'p', image: 'stored-image:sha256:../../etc/passwd' }),
      'SHA-256',
    ],
  ])('%s is refused by name, without claim or POST', async (_name, given, named) => {
    const { submitVideo, gateway, files } = await submitHarness();
    const failure = await failureOf(activityHarness().run(submitVideo, given));
    expect(detailsOf(failure)).toMatchObject({
      kind: 'invalid_request',
      outcome: 'refused',
      billed: 'no',
      message: expect.stringContaining(named) as string,
    });
    expect(gateway.submitted).toEqual([]);
    expect(await files()).toEqual([]);
  });

  test('what the catalogue refuses is sent with sendAnyway, and said', async () => {
    const { submitVideo, gateway } = await submitHarness();
    const given = asked({ model: 'SD2.5 720P', prompt: 'p', duration: 31, ratio: '16:9' });
    const failure = await failureOf(activityHarness().run(submitVideo, given));
    expect(detailsOf(failure)).toMatchObject({ kind: 'invalid_request', billed: 'no' });
    expect(gateway.submitted).toEqual([]);
    const sent = await activityHarness().run(submitVideo, { ...given, sendAnyway: true });
    expect(sent.warnings.map(({ field }) => field)).toEqual(['duration']);
    expect(gateway.submitted).toHaveLength(1);
  });

  test('a cancellation stops everything: no claim, no POST', async () => {
    const { submitVideo, gateway, files } = await submitHarness();
    const harness = activityHarness();
    harness.cancel();
    await expect(harness.run(submitVideo, input)).rejects.toBeInstanceOf(CancelledFailure);
    expect(gateway.submitted).toEqual([]);
    expect(await files()).toEqual([]);
  });

  test('a cancellation that comes while the POST is under way does not lose its job', async () => {
    const harness = activityHarness();
    const { submitVideo, readClaim } = await submitHarness({
      submit: [
        () => {
          harness.cancel();
          return { jobId: 'task_1' };
        },
      ],
    });
    expect((await harness.run(submitVideo, input)).jobId).toBe('task_1');
    expect((await readClaim()).outcome.state).toBe('accepted');
  });
});

describe('a stored image', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('pixels')]);
  const base64 = png.toString('base64');

  test.each([
    ['bare Base64', 'kling', { model: 'kling-v1', size: '1280x720' }, base64],
    ['a data URI', 'sora', { model: 'sora-2' }, `data:image/png;base64,${base64}`],
  ])('goes out as %s for %s, wherever it stands', async (_form, _family, body, sent) => {
    const { submitVideo, images, gateway } = await submitHarness();
    const image = await images.put(png);
    const given = asked({ ...body, prompt: 'p', image, metadata: { list: [image, 1, null] } });
    await activityHarness().run(submitVideo, given);
    expect(gateway.submitted[0]?.request.body).toEqual({
      ...body,
      prompt: 'p',
      image: sent,
      metadata: { list: [sent, 1, null] },
    });
  });

  test('stays out of the claim, which answers for the reference', async () => {
    const { submitVideo, images, readClaim, readClaimText } = await submitHarness();
    const given = asked({ model: 'kling-v1', prompt: 'p', image: await images.put(png) });
    await activityHarness().run(submitVideo, given);
    expect(await readClaimText()).not.toContain(base64);
    expect((await readClaim()).requestDigest).toBe(requestDigest(given.request));
  });
});

test.each([
  ['a number that lost digits', { seed: 2 ** 60 }],
  ['two lengths', { seconds: '4', duration: 8 }],
  ['a size that sora refuses', { model: 'sora-2', size: '1920x1080' }],
])('what was paid before a rule came is answered by its claim: %s', async (_name, more) => {
  const { submitVideo, gateway, claims } = await submitHarness();
  const { request } = asked({ model: 'm', prompt: 'p', ...more });
  await claims.giveJob(
    {
      claimKey,
      workflowId: claimKey,
      runId: 'run-1',
      requestDigest: requestDigest(request),
      gateway: 'https://gateway.test',
      format: 'generations',
      model: request.body.model,
      claimedAt: 1,
    },
    { jobId: 'task_1', submittedAt: 1 },
  );
  const answer = await activityHarness().run(submitVideo, { claimKey, request });
  expect(answer).toMatchObject({ jobId: 'task_1' });
  expect(gateway.submitted).toEqual([]);
});
