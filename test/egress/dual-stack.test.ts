import { expect, test } from 'vitest';
import { familyAttemptTimeoutMs } from '../../src/egress/dual-stack.ts';
import { proxiedAgents } from '../../src/egress/proxied-agents.ts';
import { createNetwork } from '../../src/gateway/transport/network.ts';

/** From a far region to a loaded edge, with one lost packet sent again after a second. */
const slowRoundTripMs = 1_500;

/** Node's own option, which the types of its agents leave out. */
function attemptTimeoutOf(agent: object): unknown {
  const { options } = agent as { options: { autoSelectFamilyAttemptTimeout?: number } };
  return options.autoSelectFamilyAttemptTimeout;
}

test('each address of a name has time for a slow round trip before the next one is tried', () => {
  const { httpAgent, httpsAgent } = proxiedAgents(() => undefined);
  const { socketOptions } = createNetwork({ gatewayHost: 'gateway.test' });
  const route = { trusted: false, origin: 'https://media.test' };
  const agents = [httpAgent, httpsAgent, socketOptions(route).agent];
  expect(agents.map(attemptTimeoutOf)).toEqual(agents.map(() => familyAttemptTimeoutMs));
  expect(familyAttemptTimeoutMs).toBeGreaterThan(slowRoundTripMs);
});
