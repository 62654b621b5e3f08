/** The gateway account behind an API key, without any secret. */
export interface GatewayAccount {
  /** Scheme, host and port of the gateway. */
  gateway: string;
  /** Digest of gateway and API key; a replaced key of the same account has another one. */
  keyDigest: string;
  /** The operator's name for the account, `GATEWAY_ACCOUNT`. */
  name?: string;
  /** The gateway's own number of the account, `GATEWAY_USER_ID`. */
  userId?: string;
}

export type AccountMatch = 'same key' | 'other key' | 'other account';

/**
 * How the account of a worker relates to the one that paid. `other key` may be a replaced key of the same account: only
 * names tell two accounts apart, never the key alone.
 */
export function matchAccounts(paid: GatewayAccount, own: GatewayAccount): AccountMatch {
  if (paid.keyDigest === own.keyDigest) return 'same key';
  if (paid.gateway === own.gateway && paid.userId !== undefined && own.userId !== undefined) {
    return paid.userId === own.userId ? 'other key' : 'other account';
  }
  const isNamed = paid.name !== undefined && own.name !== undefined;
  return isNamed && paid.name !== own.name ? 'other account' : 'other key';
}
