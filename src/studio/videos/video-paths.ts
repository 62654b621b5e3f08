import type { StudioPorts } from '../ports.ts';

/** Address of a page of a video. @param page E.g. `cancel`. Default: its main page. */
export function videoPath(videoId: string, page?: 'cancel' | 'keep' | 'content'): string {
  const path = `/studio/videos/${encodeURIComponent(videoId)}`;
  return page === undefined ? path : `${path}/${page}`;
}

/** Address of the page where the submit of a video is decided. */
export function decisionPath(videoId: string): string {
  return `/studio/decisions/${encodeURIComponent(videoId)}`;
}

/** Address of a run in the Temporal UI; null if that is not known. */
export function temporalUiLink(
  { temporalUi, namespace }: Pick<StudioPorts, 'temporalUi' | 'namespace'>,
  { videoId, runId }: { videoId: string; runId?: string | undefined },
): string | null {
  if (temporalUi === undefined || runId === undefined) return null;
  const [inNamespace, workflow] = [namespace, videoId].map(encodeURIComponent);
  return `${temporalUi}/namespaces/${inNamespace}/workflows/${workflow}/${runId}`;
}
