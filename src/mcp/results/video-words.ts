import type { VideoSummary } from './video-summary.ts';

/** What an agent tells a person about a video, in one or two sentences. */
export function videoWords(video: VideoSummary): string {
  return [stateWords(video), billedWords(video)].join(' ');
}

function stateWords(video: VideoSummary): string {
  const { id, phase, progress, error, eta, unresolved } = video;
  switch (phase) {
    case 'stored':
      return `${id} is stored.`;
    case 'failed':
      return `${id} has failed: ${error?.message ?? 'no reason is known'}`;
    case 'cancelled':
      return `${id} was cancelled.`;
    case 'unresolved': {
      if (unresolved?.decided) {
        return `${id} is unresolved: whether the gateway accepted it is unknown. It was decided (${unresolved.decided}), which takes effect soon.`;
      }
      const candidates = unresolved?.candidates ?? [];
      const known = candidates.length > 0 ? ` Jobs that may be it: ${candidates.join(', ')}.` : '';
      return `${id} is unresolved: whether the gateway accepted it is unknown. A person decides; do not start it again.${known}`;
    }
    default: {
      const left = eta?.seconds_left ?? null;
      const soon = left === null ? '' : `, usually ready in about ${left} s`;
      return `${id} is ${phase}, ${progress} %${soon}.`;
    }
  }
}

function billedWords({ billed }: VideoSummary): string {
  switch (billed) {
    case 'no':
      return 'Nothing was charged.';
    case 'yes':
      return 'It was charged.';
    case 'maybe':
      return 'It may have been charged.';
  }
}
