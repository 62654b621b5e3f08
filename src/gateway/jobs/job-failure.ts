import type { JobFailure } from '../../contract/video-job.ts';
import { compact } from '../compact.ts';
import { vendorReason } from './field-places.ts';
import { cleanMessage, readGatewayWords } from '../faults/gateway-words.ts';
import { speaksOf } from '../faults/topics.ts';

/** Used if the gateway gave no reason. The other route may have one. */
export const noReason = 'The gateway gave no reason';

interface FailedJob {
  body: unknown;
  /** The object that contains the status. */
  raw: Record<string, unknown>;
  /** The status word as sent. */
  word: string;
  requestId?: string | undefined;
  secrets?: readonly string[];
}

/**
 * Why a job failed, with the best available text: `error` → `fail_reason` → the vendor's own → `message` → text in the
 * field of the video URL (Gemini, Hailuo).
 *
 * Late moderation stays `task_failed`: it follows minutes of rendering and does not mean that the request is invalid.
 */
export function readJobFailure({ body, raw, word, requestId, secrets }: FailedJob): {
  failure: JobFailure;
  reasonMissing: boolean;
} {
  const words = readGatewayWords(raw, secrets);
  const outer = readGatewayWords(body, secrets);
  const named = words.envelope === 'error' ? words : outer.envelope === 'error' ? outer : undefined;
  const message = [
    named?.message,
    cleanMessage(raw['fail_reason'], secrets).message,
    cleanMessage(vendorReason(raw), secrets).message,
    words.message,
    outer.message,
    textInsteadOfUrl(raw, secrets),
    named?.code,
  ].find((text) => text !== undefined && !noReasons.test(text));
  const gatewayCode = named?.code ?? words.code;
  const isModerated = speaksOf('moderation', {
    ...words,
    ...compact({ code: gatewayCode, message }),
  });
  const failure = compact({
    kind: isTimeout(word, message) ? ('task_timeout' as const) : ('task_failed' as const),
    message: message ?? noReason,
    gatewayCode,
    requestId: requestId ?? named?.requestId,
    about: isModerated ? ('moderation' as const) : undefined,
    notRefunded: message !== undefined && notRefunded.test(message) ? true : undefined,
  });
  return {
    failure,
    reasonMissing: message === undefined || hiddenReasons.has(failure.gatewayCode ?? ''),
  };
}

/** A vendor's success text for the API call, sent with a failed job. */
const noReasons = /^\s*(succe(ed|eded|ss|ssful)|ok)\s*$/i;

/** The gateway's timeout task sends only the text "任务超时（1440分钟）", so the text must be matched. */
const sweep = /任务超时|\btask timed? ?out\b/i;

/** Texts of failures without a refund: the channel was deleted, or the task is from the old system. */
const notRefunded = /^Failed to get channel info|不进行退款/;

/** A code that newer plugins send instead of any reason. */
const hiddenReasons = new Set(['video_generation_failed']);

function isTimeout(word: string, message: string | undefined): boolean {
  return /^timed?[\s_-]?out$/i.test(word) || (message !== undefined && sweep.test(message));
}

function textInsteadOfUrl(
  raw: Record<string, unknown>,
  secrets?: readonly string[],
): string | undefined {
  const { metadata } = raw;
  const inner =
    typeof metadata === 'object' && metadata !== null && 'url' in metadata ? metadata.url : '';
  const texts = [raw['url'], raw['result_url'], inner].filter((text) => typeof text === 'string');
  const reason = texts.find((text) => text.trim() !== '' && !/^([a-z]+:\/\/|data:|\/)/i.test(text));
  return cleanMessage(reason, secrets).message;
}
