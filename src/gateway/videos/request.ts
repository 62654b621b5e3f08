import type { VideoRequest } from '../../contract/video-request.ts';

/** `POST /v1/videos` in JSON, which every deployment accepts. Sends the body exactly as the caller wrote it. */
export function submitRequest({ body }: VideoRequest): { path: string; body: Uint8Array } {
  return { path: '/v1/videos', body: Buffer.from(JSON.stringify(body)) };
}

/** `GET /v1/videos/{id}`. Ids are opaque and may contain `/`, `+` or `=`. */
export function statusPath(jobId: string): string {
  return `/v1/videos/${encodeURIComponent(jobId)}`;
}
