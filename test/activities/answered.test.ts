import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { faultError } from '../../src/gateway/faults/fault-error.ts';
import { readAnswer } from '../../src/gateway/read-answer.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { input, submitHarness, workflowExecution } from './submit-harness.ts';

async function failureWith(scenario: string) {
  await using sandbox = await startSandboxGateway({ scenario, speed: 1_000 });
  const realGateway = createGateway({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
  const { submitVideo } = await submitHarness({ realGateway });
  const harness = activityHarness({ workflowExecution, startToCloseTimeoutMs: 10_000 });
  return detailsOf(await failureOf(harness.run(submitVideo, input)));
}

test.each([
  'submit-vendor-5xx=500',
  'submit-vendor-5xx=502',
  'submit-504-after-accept=json',
  'submit-panic',
  'submit-unreadable=code0',
])('the fault of the gateway itself is an answer: %s', async (scenario) => {
  expect(await failureWith(scenario)).toMatchObject({ outcome: 'unknown', answered: true });
});

test.each([
  'submit-cdn-html=502',
  'submit-cdn-html=520',
  'submit-cdn-html=522',
  'submit-cdn-html=524',
  'submit-504-after-accept=html',
  'submit-drop-after-body',
  'submit-200-html',
])('what comes in its place is none, and a job may be running: %s', async (scenario) => {
  const failure = await failureWith(scenario);
  expect(failure).toMatchObject({ outcome: 'unknown' });
  expect(failure).not.toHaveProperty('answered');
});

test.each<[string, true | undefined, string, Record<string, string>]>([
  ['the JSON of a CDN', undefined, '{"title":"Error 524","status":524,"detail":"timed out"}', {}],
  ['JSON with a code', true, '{"code":"x","message":"y"}', {}],
  ['an empty answer', undefined, '', {}],
  ['an empty answer that names its request', true, '', { 'x-oneapi-request-id': 'r' }],
])('%s with an error status is an answer of the gateway: %s', (_, answered, text, headers) => {
  const read = readAnswer({ status: 524, headers, body: Buffer.from(text) });
  const error = faultError({ operation: 'submit', verb: 'submit' }, read, headers);
  expect(error.answered).toBe(answered);
});
