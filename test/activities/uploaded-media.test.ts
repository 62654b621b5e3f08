import { expect, test } from 'vitest';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import type { GatewayScript } from '../fakes/fake-gateway.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { claimKey, submitHarness } from './submit-harness.ts';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('pixels')]);
const uploads = ['https://media.test/1.png', 'https://media.test/2.png'];

/** A picture for a model that takes https addresses alone. */
async function grokHarness(script: GatewayScript = {}) {
  const harness = await submitHarness({ uploads, ...script });
  const image = await harness.images.put(png);
  const body = { model: 'grok-imagine-video-1.5', prompt: 'p', image };
  const request: VideoRequest = { format: 'videos', body };
  const submit = () => activityHarness().run(harness.submitVideo, { request, claimKey });
  return { ...harness, request, image, submit };
}

test('a stored picture for a model that takes addresses alone is uploaded, and the claim names the picture', async () => {
  const { submit, gateway, readClaim, request } = await grokHarness();
  await submit();
  expect(gateway.uploaded).toMatchObject([{ type: 'image/png' }]);
  expect(gateway.submitted[0]?.request.body['image']).toBe(uploads[0]);
  expect((await readClaim()).requestDigest).toBe(requestDigest(request));
});

test('a submit that is repeated is answered by its claim: nothing is uploaded or paid again', async () => {
  const { submit, gateway } = await grokHarness();
  await submit();
  expect(await submit()).toMatchObject({ jobId: 'task_1', foundInClaim: true });
  expect(gateway.uploaded).toHaveLength(1);
  expect(gateway.submitted).toHaveLength(1);
});

test('a submit after a refused one uploads again, and its key takes the other address', async () => {
  const busy = new GatewayError('gateway_unavailable', 'busy', { submitOutcome: 'not_accepted' });
  const { submit, gateway, readClaim, request } = await grokHarness({
    submit: [busy, { jobId: 'task_2' }],
  });
  await failureOf(submit());
  expect(await submit()).toMatchObject({ jobId: 'task_2' });
  expect(gateway.submitted.map((each) => each.request.body['image'])).toEqual(uploads);
  expect((await readClaim()).requestDigest).toBe(requestDigest(request));
});

test.each([
  ['gateway_unavailable', 503, 'not_accepted'],
  ['auth', 401, 'refused'],
] as const)(
  'an upload that fails with %s (%i) is %s, sends nothing and makes no claim',
  async (kind, httpStatus, outcome) => {
    const error = new GatewayError(kind, 'Cannot upload the file', { billed: 'no', httpStatus });
    const { submit, gateway, claims } = await grokHarness({ uploads: [error] });
    expect(detailsOf(await failureOf(submit()))).toMatchObject({ kind, outcome, billed: 'no' });
    expect(gateway.submitted).toEqual([]);
    expect(await claims.find(claimKey)).toBeNull();
  },
);

test('a gateway from before the uploads gets the picture in the body', async () => {
  const error = new GatewayError('invalid_request', 'No uploads', { httpStatus: 404 });
  const { submit, gateway } = await grokHarness({ uploads: [error] });
  await submit();
  expect(gateway.submitted[0]?.request.body['image']).toBe(
    `data:image/png;base64,${png.toString('base64')}`,
  );
});

test('a stored video and a stored sound are uploaded, whatever form the model takes pictures in', async () => {
  const { submit, gateway } = await referringHarness();
  await submit();
  // They are uploaded at the same time, in any order.
  const types = gateway.uploaded.map(({ type }) => type);
  expect(types.toSorted()).toEqual(['audio/flac', 'video/webm']);
  expect(gateway.submitted[0]?.request.body).toMatchObject({
    metadata: {
      referenceVideos: [uploads[types.indexOf('video/webm')]],
      referenceAudios: [uploads[types.indexOf('audio/flac')]],
    },
  });
});

async function referringHarness() {
  const harness = await submitHarness({ uploads });
  const video = await harness.images.put(Buffer.from('1a45dfa3', 'hex'), 'video');
  const audio = await harness.images.put(Buffer.from('fLaC'), 'audio');
  const metadata = { referenceVideos: [video], referenceAudios: [audio], ratio: '16:9' };
  const body = { model: 'SD2.5 720P', prompt: 'p', duration: 5, metadata };
  const request: VideoRequest = { format: 'videos', body };
  return {
    ...harness,
    submit: () => activityHarness().run(harness.submitVideo, { request, claimKey }),
  };
}
