import { createHash } from 'node:crypto';
import { admissionIdPrefix } from './contract/admission.ts';

/** The workflow id of the admission of a gateway account. @param key The API key; only a digest of it is in the id. */
export function admissionId({ gateway, key }: { gateway: string; key: string }): string {
  const digest = createHash('sha256').update(`${gateway}\n${key}`).digest('hex');
  return admissionIdPrefix + digest.slice(0, 16);
}
