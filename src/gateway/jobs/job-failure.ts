import type { JobFailure } from '../../contract/video-job.ts';
import { compact } from '../compact.ts';
import { vendorReason } from './field-places.ts';
import { cleanMessage, readGatewayWords } from '../faults/gateway-words.ts';
import { speaksOf } from '../faults/topics.ts';

/** Said where the gateway gave no reason; the other route may know one. */
export const noReason = 'The gateway gave no reason';

interface FailedJob {
  body: unknown;
  /** The object that carries the status. */
  raw: Record<string, unknown>;
  /** The status word as sent. */
  word: string;
  requestId?: string | undefined;
  secrets?: readonly string[];
}

/**
 * Why a job failed, with the best text found: `error` → `fail_reason` → the vendor's own → `message` → a text where the address of the
 * video would be (Gemini, Hailuo).
 *
 * Late moderation stays `task_failed`: it comes after minutes of rendering and says nothing about the request.
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

/** A vendor's word for an exchange that went well, beside a job that did not. */
const noReasons = /^\s*(succe(ed|eded|ss|ssful)|ok)\s*$/i;

/** The gateway's sweep says "任务超时（1440分钟）" and nothing else: here the text is the only sign. */
const sweep = /任务超时|\btask timed? ?out\b/i;

/** Texts that stand for money which was kept: the channel was deleted, or the task is from the old system. */
const notRefunded = /^Failed to get channel info|不进行退款/;

/** A code that newer plugins put in place of every reason. */
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
