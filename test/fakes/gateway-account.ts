import type { GatewayAccount } from '../../src/contract/gateway-account.ts';

/** Of the worker in tests, which is also the one that paid unless a test says otherwise. */
export const account: GatewayAccount = { gateway: 'https://gateway.test', keyDigest: 'a1' };
