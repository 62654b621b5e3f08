import { describe, expect, test } from 'vitest';
import type { SubmitVideoInput } from '../../src/contract/activities.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { createRequestAdmission } from '../../src/activities/admission/request-admission.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import { createCheckCallback } from '../../src/storage/records/check-callback.ts';
import { claimKey, input, request, submitHarness, workflowExecution } from './submit-harness.ts';

const url = 'https://hooks.example.com/done';
const target = { callbackHost: 'hooks.example.com' };
/** As a start by name, a row of a batch, or a run of an earlier version has it. */
const inBody: SubmitVideoInput = {
  claimKey,
  request: { ...request, body: { ...request.body, callback_url: url } },
};
/** As the client passes it. */
const besideBody: SubmitVideoInput = { ...input, callbackUrls: [url] };

// oxlint-disable-next-line require-yield
async function* unreadable(): AsyncGenerator<never> {
  throw new StorageError('Cannot list: the disk is gone');
}

describe.each([
  ['in the body', inBody],
  ['beside the body', besideBody],
])('a submit with a callback_url %s', (_where, given) => {
  test('sends the request without it, if an endpoint allows its host', async () => {
    const { submitVideo, gateway, endpoints } = await submitHarness();
    await endpoints.add({ tenant: null, target });
    await activityHarness({ workflowExecution }).run(submitVideo, given);
    expect(gateway.submitted.map((call) => call.request)).toEqual([request]);
  });

  test('is refused at no cost and without a claim, if none does', async () => {
    const { submitVideo, gateway, endpoints, files } = await submitHarness();
    await endpoints.add({ tenant: 'acme', target });
    const before = await files();
    const failed = await failureOf(activityHarness({ workflowExecution }).run(submitVideo, given));
    expect(detailsOf(failed)).toMatchObject({
      kind: 'invalid_request',
      outcome: 'refused',
      billed: 'no',
      message: expect.stringContaining('onetake webhooks add --callback-host') as string,
    });
    expect(gateway.submitted).toEqual([]);
    expect(await files()).toEqual(before);
  });

  test('is refused before it waits for a slot, if none does', async () => {
    const { endpoints, claims } = await submitHarness();
    const checkCallback = createCheckCallback({ endpoints, trustedOrigins: [] });
    const asks: unknown[] = [];
    const requestAdmission = createRequestAdmission({
      admission: {
        id: 'admission/x',
        storageId: 'storage-1',
        ask: async (ask) => {
          asks.push(ask);
          return { outcome: 'waiting' };
        },
        release: async () => {},
      },
      claims,
      checkCallback,
      maxJobs: 3,
      prices: async () => pricesBy({}),
      deadlineMs: 60_000,
    });
    const run = () => activityHarness({ workflowExecution }).run(requestAdmission, given);
    expect(detailsOf(await failureOf(run()))).toMatchObject({ outcome: 'refused', billed: 'no' });
    expect(asks).toEqual([]);
    await endpoints.add({ tenant: null, target });
    expect(await run()).toMatchObject({ outcome: 'waiting' });
    expect(asks).toHaveLength(1);
  });

  test('is answered by the claim of its key, whatever the endpoints say', async () => {
    const { submitVideo, gateway, endpoints } = await submitHarness();
    const { id } = await endpoints.add({ tenant: null, target });
    await activityHarness({ workflowExecution }).run(submitVideo, given);
    await endpoints.remove(id);
    const again = await activityHarness({ workflowExecution }).run(submitVideo, given);
    expect(again).toMatchObject({ jobId: 'task_1', foundInClaim: true });
    expect(gateway.submitted).toHaveLength(1);
  });

  test('is not sent and not refused while the endpoints cannot be read', async () => {
    const { submitVideo, gateway } = await submitHarness({
      through: (storage) => ({ ...storage, list: unreadable }),
    });
    const failed = await failureOf(activityHarness({ workflowExecution }).run(submitVideo, given));
    expect(detailsOf(failed)).toMatchObject({
      kind: 'storage_unavailable',
      outcome: 'not_accepted',
      billed: 'no',
    });
    expect(gateway.submitted).toEqual([]);
  });
});

test('a submit is not refused because of the callback of a caller that joined its video', async () => {
  const { submitVideo, gateway } = await submitHarness();
  const joined = { ...input, joinedCallbackUrls: [url] };
  await activityHarness({ workflowExecution }).run(submitVideo, joined);
  expect(gateway.submitted).toHaveLength(1);
});
