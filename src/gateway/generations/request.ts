import type { VideoRequest } from '../../contract/video-request.ts';

/** `POST /v1/video/generations`. Sends the body exactly as the caller wrote it. */
export function submitRequest({ body }: VideoRequest): { path: string; body: Uint8Array } {
  return { path: '/v1/video/generations', body: Buffer.from(JSON.stringify(body)) };
}

/** `GET /v1/video/generations/{id}`. Ids are opaque and may contain `/`, `+` or `=`. */
export function statusPath(jobId: string): string {
  return `/v1/video/generations/${encodeURIComponent(jobId)}`;
}
