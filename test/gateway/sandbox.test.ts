import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';

/** Scenario → what our client makes of it. The sandbox shares no code with the client. */
const outcomes: [scenario: string, outcome: string][] = [
  ['submit-queued', 'accepted queued'],
  ['submit-unknown-status', 'accepted unknown'],
  ['submit-fallback-body', 'accepted queued'],
  ['submit-id-only', 'accepted queued'],
  ['submit-enveloped', 'accepted undefined'],
  ['submit-long-id', 'accepted queued'],
  ['submit-vendor-status', 'accepted processing'],
  ['submit-instant-success', 'accepted completed'],
  ['submit-instant-failure', 'accepted failed'],
  ['submit-drop-after-body', 'submit_unknown unknown'],
  ['submit-reset-early', 'submit_unknown unknown'],
  ['submit-port-closed', 'gateway_unavailable not_accepted'],
  ['submit-504-after-accept=html', 'submit_unknown unknown'],
  ['submit-cdn-html=524', 'submit_unknown unknown'],
  ['submit-settlement-failed', 'submit_unknown unknown'],
  ['submit-insert-failed', 'submit_unknown unknown'],
  ['submit-do-request-failed=live', 'submit_unknown unknown'],
  ['submit-500-empty=live', 'submit_unknown unknown'],
  ['submit-vendor-number=50411', 'moderation refused'],
  ['submit-vendor-number=50429', 'rate_limited not_accepted'],
  ['submit-build-failed', 'invalid_request refused'],
  ['submit-no-channel=none', 'no_channel not_accepted'],
  ['submit-no-channel=retry', 'submit_unknown unknown'],
  ['submit-429-saturated', 'rate_limited not_accepted'],
  ['submit-429-empty', 'rate_limited not_accepted'],
  ['submit-429-limiter=date', 'rate_limited not_accepted'],
  ['submit-400-code', 'invalid_request refused'],
  ['submit-vendor-400=length', 'invalid_request refused'],
  ['submit-vendor-400=nsfw', 'moderation refused'],
  ['submit-2xx-error=202', 'submit_unknown unknown'],
  ['submit-2xx-error=ali', 'moderation refused'],
  ['submit-401=key', 'auth refused'],
  ['submit-401=quota', 'quota refused'],
  ['submit-403-quota=pre', 'quota refused'],
  ['submit-403-denied=banned', 'auth refused'],
  ['submit-403-denied=model', 'invalid_request refused'],
  ['submit-404-path', 'invalid_request refused'],
  ['submit-408', 'submit_unknown unknown'],
  ['submit-413=html', 'invalid_request refused'],
  ['submit-200-html', 'submit_unknown unknown'],
  ['submit-200-empty', 'submit_unknown unknown'],
  ['submit-200-cut-json', 'submit_unknown unknown'],
  ['submit-200-error', 'no_channel not_accepted'],
  ['submit-200-no-id', 'submit_unknown unknown'],
  ['submit-slow=head', 'accepted queued'],
  ['submit-redirect=307', 'gateway_unavailable refused'],
  // A connection of its own for each POST: there is no dead one to meet.
  ['submit-keepalive-dead', 'accepted queued'],
  ['submit-201-id=202', 'accepted queued'],
  ['submit-hollow', 'accepted queued'],
  ['submit-unreadable=code0', 'submit_unknown unknown'],
  ['submit-vendor-5xx=502', 'submit_unknown unknown'],
  ['submit-vendor-401', 'no_channel not_accepted'],
  ['submit-hidden-429', 'submit_unknown unknown'],
  ['submit-panic', 'submit_unknown unknown'],
  ['submit-unreadable=twice', 'submit_unknown unknown'],
  ['submit-503-before', 'gateway_unavailable not_accepted'],
  ['submit-vendor-number=1008', 'no_channel not_accepted'],
  ['submit-vendor-400=account', 'no_channel not_accepted'],
  ['submit-wrong-base=html', 'submit_unknown unknown'],
  ['submit-wrong-base=slash', 'gateway_unavailable refused'],
];

test.each(outcomes)('the sandbox scenario %s is %s', async (scenario, outcome) => {
  await using sandbox = await startSandboxGateway({ scenario, speed: 1_000 });
  const gateway = createGateway({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
  const body = { model: 'kling-v1', prompt: 'a cat', size: '1280x720', duration: 5 };
  const attempt = gateway.submit({ format: 'videos', body }, { timeoutMs: 5_000 });
  const seen = await attempt.then(
    ({ rawStatus }) => `accepted ${rawStatus}`,
    (error: unknown) => {
      if (!(error instanceof GatewayError)) throw error;
      return `${error.kind} ${error.submitOutcome}`;
    },
  );
  expect(seen).toBe(outcome);
});
