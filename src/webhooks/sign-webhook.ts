import { createHmac } from 'node:crypto';

const secretPrefix = 'whsec_';

/** What is signed. The body is sent exactly as given here. */
export interface SignedContent {
  /** Id of the event. */
  id: string;
  /** Seconds since the epoch. */
  timestamp: number;
  body: string;
}

/**
 * The headers of Standard Webhooks, with one signature per secret, so that a receiver verifies during a rotation of the
 * secret.
 *
 * @param secrets `whsec_` and Base64.
 * @throws {TypeError} A secret has another form. The message does not contain it.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookHeaders(
  { id, timestamp, body }: SignedContent,
  secrets: readonly string[],
): Record<string, string> {
  const content = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', keyOf(secret)).update(content, 'utf8');
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  if (secret.startsWith(secretPrefix) && key.length > 0) return key;
  throw new TypeError('The secret of the endpoint must be "whsec_" and Base64');
}
