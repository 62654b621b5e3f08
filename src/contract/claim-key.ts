const laterSubmit = /\/resubmit-(\d+)$/;

/** The claim key of a video's n-th submit; each later one follows on one that must not be sent again. */
export function claimKeyOf(videoId: string, submit: number): string {
  return submit === 1 ? videoId : `${videoId}/resubmit-${submit}`;
}

/** Which submit of its video a claim key stands for, from 1. */
export function submitOf(claimKey: string): number {
  return Number(laterSubmit.exec(claimKey)?.[1] ?? 1);
}

/** The claim key of the submit that follows on this one. */
export function nextClaimKey(claimKey: string): string {
  return claimKeyOf(claimKey.replace(laterSubmit, ''), submitOf(claimKey) + 1);
}
