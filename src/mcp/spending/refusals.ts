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

const quoteFirst =
  'Call quote_video, let the user approve the quote, and then call generate_video with its confirm token';

/** A refusal with what to do next. It says nothing about quotes and videos of others. */
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
      return `a person must approve this video. ${quoteFirst}`;
    case 'unknown_token':
      return `the confirm token is unknown. Copy it exactly as quote_video returned it, or quote again. ${quoteFirst}`;
    case 'not_approved':
      return `no person has approved this quote yet. Ask the user to ${howToApprove(options)}, and repeat this call with the same token`;
    case 'expired':
      return `the quote has expired. If it was used, list_videos has the video. ${quoteFirst}`;
    case 'other_request':
      return otherRequestWords(options);
    case 'over_cap':
      return `${capWords(options)}. ${quoteFirst}`;
    case 'unknown_price':
      return `the price of this video is not known, so it cannot count below the standing permission. ${quoteFirst}`;
  }
}

function howToApprove({ approveUrl, code }: RefusalOptions): string {
  const inTerminal = `run \`onetake mcp approve ${code}\` in a terminal`;
  return approveUrl === undefined ? inTerminal : `open ${approveUrl}, or to ${inTerminal}`;
}

function otherRequestWords({ why }: RefusalOptions): string {
  if (why === 'price') return `this video may cost more than was quoted. ${quoteFirst}`;
  if (why === 'key') {
    return `the confirm token was used for a video with another key, and is for one video. Repeat the call with that key or without a key, or quote again. ${quoteFirst}`;
  }
  return `the confirm token is for another request. Repeat the quoted request without any change, or quote this one. ${quoteFirst}`;
}

function capWords({ standing }: RefusalOptions): string {
  if (!standing) return 'the standing permission is used up for today';
  const { cap, reserved } = standing;
  const limit = 'videos' in cap ? `${cap.videos} videos` : String(cap.money);
  return `this video would exceed the standing permission of ${limit} per UTC day, of which ${reserved} is reserved`;
}
