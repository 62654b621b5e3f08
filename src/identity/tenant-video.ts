import { createHash } from 'node:crypto';
import { workflowIdPrefix } from '../contract/task-queues.ts';

/** Length of the hash in an id, in hex digits: 160 bits. */
const hashLength = 40;

/** The id that the HTTP API gives to a video: `video_` and 40 hex digits. */
export const apiIdPattern = /^video_[0-9a-f]{40}$/;

const ownedPattern = new RegExp(`^${workflowIdPrefix}@([^/]+)/`);

/**
 * The id of the video that a tenant starts with an idempotency key. The same key of another tenant is another video.
 */
export function keyedApiId(tenant: string, key: string): string {
  return apiId('key', tenant, key);
}

/** The id of the n-th of equal requests of a tenant without a key. */
export function unkeyedApiId(of: { tenant: string; digest: string; number: number }): string {
  return apiId('request', of.tenant, of.digest, String(of.number));
}

/** The prefix of the workflow ids of a tenant's videos. No name of a batch contains "@". */
export function tenantPrefix(tenant: string): string {
  return `${workflowIdPrefix}@${tenant}/`;
}

/** The workflow id of a tenant's video; null if the text is no id of the HTTP API. */
export function tenantVideoId(tenant: string, id: string): string | null {
  return apiIdPattern.test(id) ? tenantPrefix(tenant) + id : null;
}

/** The tenant that owns a video; null if no tenant does. */
export function tenantOf(workflowId: string): string | null {
  return ownedPattern.exec(workflowId)?.[1] ?? null;
}

/** The id of the HTTP API in a workflow id of a tenant. */
export function apiIdOf(videoId: string): string {
  return videoId.slice(videoId.lastIndexOf('/') + 1);
}

/** JSON keeps the parts apart, whatever they contain. */
function apiId(...parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `video_${hash.slice(0, hashLength)}`;
}
