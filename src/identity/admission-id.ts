import { createHash } from 'node:crypto';
import { admissionIdPrefix } from '../contract/admission.ts';
import type { GatewayAccount } from '../contract/gateway-account.ts';

interface Credentials {
  /** Origin of the gateway. */
  gateway: string;
  /** The API key. Only its digest is used. */
  key: string;
}

/** The workflow id of the admission of a gateway account: `admission/` and a digest of origin and API key. */
export function admissionId(credentials: Credentials): string {
  return admissionIdPrefix + keyDigest(credentials);
}

/** The account as it is recorded in claims. */
export function gatewayAccount({
  gateway,
  apiKey: key,
  account: name,
  userId,
}: {
  gateway: string;
  apiKey: string;
  account?: string;
  userId?: string;
}): GatewayAccount {
  return {
    gateway,
    keyDigest: keyDigest({ gateway, key }),
    ...(name !== undefined && { name }),
    ...(userId !== undefined && { userId }),
  };
}

function keyDigest({ gateway, key }: Credentials): string {
  return createHash('sha256').update(`${gateway}\n${key}`).digest('hex').slice(0, 16);
}
