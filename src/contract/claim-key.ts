const laterSubmit = /\/resubmit-(\d+)$/;

/**
 * The claim key of the n-th submit of a video. A later submit needs a new key, because one key is sent at most once.
 */
export function claimKeyOf(videoId: string, submit: number): string {
  return submit === 1 ? videoId : `${videoId}/resubmit-${submit}`;
}

/** The number of the submit of a claim key, from 1. */
export function submitOf(claimKey: string): number {
  return Number(laterSubmit.exec(claimKey)?.[1] ?? 1);
}

/** The claim key of the next submit. */
export function nextClaimKey(claimKey: string): string {
  return claimKeyOf(claimKey.replace(laterSubmit, ''), submitOf(claimKey) + 1);
}
