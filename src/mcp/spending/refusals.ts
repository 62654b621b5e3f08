import type { StandingCap } from '../../config/mcp-config.ts';
import type { Permission, RefusedSpending } from './spend-permission.ts';

/** What a refusal says beside its reason. */
export interface RefusalOptions {
  approveUrl?: string;
  code?: string;
  /** Of another request. Default: the request itself. */
  why?: 'price' | 'key';
  standing?: { cap: StandingCap; reserved: number };
}

const quoteAgain = 'or quote this request and let the person approve it';

/**
 * A refusal. It says nothing about quotes and videos of others. What to do next is a new quote, which the caller adds,
 * unless the token is good for something: then the message says for what.
 */
export function refusal(
  reason: RefusedSpending,
  options: RefusalOptions = {},
): Extract<Permission, { ok: false }> {
  const { approveUrl, code } = options;
  return {
    ok: false,
    reason,
    message: `Nothing was spent: ${words(reason, options)}`,
    ...(approveUrl !== undefined && { approveUrl }),
    ...(code !== undefined && { code }),
  };
}

function words(reason: RefusedSpending, options: RefusalOptions): string {
  switch (reason) {
    case 'none':
      return 'a person must approve this video';
    case 'unknown_token':
      return 'the confirm token is unknown';
    case 'not_approved':
      return `no person has approved this quote yet. Ask the person to ${howToApprove(options)}, and repeat this call with the same token`;
    case 'expired':
      return 'the quote has expired. If its token was used, list_videos has the video';
    case 'other_request':
      return otherRequestWords(options);
    case 'over_cap':
      return capWords(options);
    case 'unknown_price':
      return 'the price of this video is not known, so the standing permission does not cover it';
  }
}

function howToApprove({ approveUrl, code }: RefusalOptions): string {
  const inTerminal = `run \`onetake mcp approve ${code}\` in a terminal`;
  return approveUrl === undefined ? inTerminal : `open ${approveUrl}, or to ${inTerminal}`;
}

function otherRequestWords({ why }: RefusalOptions): string {
  if (why === 'price')
    return 'this video may cost more than was quoted. Call quote_video, and let the person approve the new quote';
  if (why === 'key') {
    return `the confirm token is for one video, and was used with another key. Repeat the call without a key, ${quoteAgain}`;
  }
  return `the confirm token is for another request. Repeat the quoted request without any change, ${quoteAgain}`;
}

function capWords({ standing }: RefusalOptions): string {
  if (!standing) return 'the standing permission is used up for today';
  const { cap, reserved } = standing;
  const limit = 'videos' in cap ? `${cap.videos} videos` : String(cap.money);
  return `this video would exceed the standing permission of ${limit} per UTC day, of which ${reserved} is reserved`;
}
