/** The gateway account of an API key. Contains no secret. */
export interface GatewayAccount {
  /** Scheme, host and port of the gateway. */
  gateway: string;
  /** Digest of gateway and API key. A replaced API key of the same account has a different digest. */
  keyDigest: string;
  /** The operator's name for the account, `GATEWAY_ACCOUNT`. */
  name?: string;
  /** The gateway's user id of the account, `GATEWAY_USER_ID`. */
  userId?: string;
}

export type AccountMatch = 'same key' | 'other key' | 'other account';

/**
 * Compares the account of a worker with the one that paid. `other key` may be a replaced API key of the same account:
 * only names and user ids distinguish accounts.
 */
export function matchAccounts(paid: GatewayAccount, own: GatewayAccount): AccountMatch {
  if (paid.keyDigest === own.keyDigest) return 'same key';
  if (paid.gateway === own.gateway && paid.userId !== undefined && own.userId !== undefined) {
    return paid.userId === own.userId ? 'other key' : 'other account';
  }
  const isNamed = paid.name !== undefined && own.name !== undefined;
  return isNamed && paid.name !== own.name ? 'other account' : 'other key';
}
