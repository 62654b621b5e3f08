import type { VideoRequest } from '../../contract/video-request.ts';

/** `POST /v1/videos` in JSON, which every deployment takes: the body exactly as the caller wrote it. */
export function submitRequest({ body }: VideoRequest): { path: string; body: Uint8Array } {
  return { path: '/v1/videos', body: Buffer.from(JSON.stringify(body)) };
}

/** `GET /v1/videos/{id}`; ids are opaque and may hold `/`, `+` or `=`. */
export function statusPath(jobId: string): string {
  return `/v1/videos/${encodeURIComponent(jobId)}`;
}
