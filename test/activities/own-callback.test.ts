import { describe, expect, test } from 'vitest';
import { hostCallsBack } from '../../src/contract/models/host-callback.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { GatewayError, type GatewayErrorDetails } from '../../src/gateway/gateway-error.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { claimKey, submitHarness, workflowExecution } from './submit-harness.ts';

const callbackUrl = 'https://hooks.example/hooks/gateway';
const veo: VideoRequest = {
  format: 'videos',
  body: { model: 'veo-3.1', prompt: 'a cat', duration: 8 },
};
const ofModel = (model: string): VideoRequest => ({ ...veo, body: { ...veo.body, model } });

/** A host whose validation does not like the callback. */
const refusal = (details: GatewayErrorDetails = {}) =>
  new GatewayError('invalid_request', 'Cannot submit', {
    billed: 'no',
    submitOutcome: 'refused',
    httpStatus: 400,
    gatewayCode: 'invalid_callback_url',
    ...details,
  });

async function submitWith(setting: Parameters<typeof submitHarness>[0] = {}) {
  const harness = await submitHarness({ callbackUrl, ...setting });
  const run = (request = veo) =>
    activityHarness({ workflowExecution }).run(harness.submitVideo, { request, claimKey });
  const bodies = () => harness.gateway.submitted.map(({ request }) => request.body);
  return { ...harness, run, bodies };
}

describe('the callback of onetake', () => {
  test('is in the body of the POST, and neither in the request of the claim nor in its digest', async () => {
    const { run, bodies, readClaimText } = await submitWith();
    await run();
    expect(bodies()).toEqual([{ ...veo.body, callback_url: callbackUrl }]);
    const claim = await readClaimText();
    expect(claim).toContain(requestDigest(veo));
    expect(claim).not.toContain('hooks.example');
  });

  test.each([
    ['veo-3.1', true],
    ['gemini-omni-flash', true],
    ['kling-v1', true],
    ['wan3.0-video-720p', false],
    ['SD2.5 720P', false],
    ['grok-imagine-video-1.5-1080p', false],
    ['minimax-h3-768p', false],
    ['doubao-seedance-2-0-260128', false],
    ['a-model-that-nobody-knows', false],
  ])(
    'is sent for %s only if all plugins that may serve it pass it to the host: %s',
    (model, expected) => {
      expect(hostCallsBack(model)).toBe(expected);
      expect(hostCallsBack(model, 'classic')).toBe(false);
    },
  );

  test('is not sent for a model with a plugin that refuses or drops it', async () => {
    const { run, bodies } = await submitWith();
    await run(ofModel('SD2.5 720P'));
    expect(bodies()[0]).not.toHaveProperty('callback_url');
  });

  test('is not sent beside one of the caller, whose refusal is final and says nothing about ours', async () => {
    const ownRefused = refusal({ gatewayMessage: 'metadata.callback_url must be public' });
    const { run, bodies } = await submitWith({ submit: [ownRefused, { jobId: 'task_1' }] });
    const metadata = { callback_url: 'https://user.example' };
    const failed = await failureOf(run({ ...veo, body: { ...veo.body, metadata } }));
    expect(detailsOf(failed).outcome).toBe('refused');
    await run();
    expect(bodies()[0]).not.toHaveProperty('callback_url');
    expect(bodies()[1]).toHaveProperty('callback_url', callbackUrl);
  });

  test('is not sent without a public address', async () => {
    const harness = await submitHarness();
    await activityHarness({ workflowExecution }).run(harness.submitVideo, {
      request: veo,
      claimKey,
    });
    expect(harness.gateway.submitted[0]?.request).toEqual(veo);
  });
});

describe('a gateway that refuses the callback', () => {
  test.each([
    ['by its code', {}],
    [
      'by name',
      { gatewayCode: 'plugin_request_invalid', gatewayMessage: 'callback_url must be public' },
    ],
    [
      'by name, before a channel was chosen',
      { gatewayCode: '', gatewayMessage: 'xm: callback_url is not supported' },
    ],
  ])('%s has accepted nothing, and the repeat has none', async (_name, details) => {
    const { run, bodies } = await submitWith({ submit: [refusal(details), { jobId: 'task_1' }] });
    const failure = detailsOf(await failureOf(run()));
    expect(failure).toMatchObject({ outcome: 'not_accepted', billed: 'no', retryAfterMs: 1_000 });
    expect((await run()).jobId).toBe('task_1');
    expect(bodies()).toEqual([{ ...veo.body, callback_url: callbackUrl }, veo.body]);
  });

  test('is still sent the callbacks of other models', async () => {
    const { run, bodies } = await submitWith({ submit: [refusal(), { jobId: 'task_1' }] });
    await failureOf(run());
    await run(ofModel('gemini-omni-flash'));
    expect(bodies()[1]).toHaveProperty('callback_url', callbackUrl);
  });

  test.each([
    [
      'refuses something else',
      { gatewayCode: 'invalid_seconds', gatewayMessage: 'seconds' },
      'refused',
    ],
    [
      'may have accepted the request',
      { submitOutcome: 'unknown', gatewayMessage: 'callback_url' },
      'unknown',
    ],
  ] as const)('but %s is not sent the request again', async (_name, details, outcome) => {
    const { run, bodies } = await submitWith({ submit: [refusal(details)] });
    expect(detailsOf(await failureOf(run())).outcome).toBe(outcome);
    expect(bodies()).toHaveLength(1);
  });
});
