import type { Makes } from '../../contract/models/merge-findings.ts';
import type { PriceSource } from '../../contract/price/price-book.ts';
import type { ShownRequest } from '../request/shown-request.ts';
import type { Tenant } from '../../serve/tenants/tenant.ts';

/** A request that an agent wants to spend on. */
export interface SpendRequest {
  tenant: Tenant;
  /** Digest of the request, as it would be started. */
  digest: string;
  /** The same without `callback_url`, which is no part of the request of a run. Default: equal. */
  runDigest?: string;
  /** Idempotency key, if the agent gave one. */
  key?: string;
  /** The most that it can cost, in units of the account; null if unknown. */
  money: number | null;
  /** Where the price comes from, for the person who approves it. */
  prices?: PriceSource | null;
  model: string;
  prompt: string | null;
  /** What the request makes, for the person who approves it. */
  makes?: Makes;
  /** The other fields, for the person who approves it. */
  shown?: ShownRequest;
  /** Address of the server in {@link OfferedQuote.approveUrl}, without a slash at the end. */
  serverUrl?: string;
}

/** How a quote can be approved. */
export interface OfferedQuote {
  /** What the agent passes back. It permits nothing before a person has approved it. */
  confirm: string;
  /** Page where a person approves; absent without a server. */
  approveUrl?: string;
  /** Short code for `onetake mcp approve CODE`. */
  code: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Why a request may not be paid. A token of another tenant is an unknown one. */
export type RefusedSpending =
  | 'none'
  | 'unknown_token'
  | 'not_approved'
  | 'expired'
  | 'other_request'
  | 'over_cap'
  | 'unknown_price';

/** A person's word: an approved quote, the standing permission, or an answer in the client. */
export type SpendingWord = 'approval' | 'standing' | 'question';

/** Whether a request may be paid. */
export type Permission =
  | {
      ok: true;
      by: SpendingWord;
      /** Idempotency key of the video: the caller's, or the one of the token. The same token is the same video. */
      key: string;
      /** Milliseconds since the epoch. From then on the word only finds its video, and starts nothing. */
      startUntil: number;
    }
  | {
      ok: false;
      reason: RefusedSpending;
      /** What is missing. With a code, and for another request, also what to do next; otherwise a new quote is next. */
      message: string;
      approveUrl?: string;
      code?: string;
    };

/** The person's word: no agent spends without it. */
export interface SpendPermissions {
  /** Makes a token for a quote, and a way to approve it. Spends nothing. */
  offer(request: SpendRequest): Promise<OfferedQuote>;
  /**
   * Whether the request may be paid. Never spends; may reserve an amount of the standing permission.
   *
   * @param confirm Token of a quote. Without it only the standing permission counts.
   */
  check(request: SpendRequest, confirm?: string): Promise<Permission>;
  /**
   * A person has agreed in the client, under this idempotency key. The token is then for this video, so that approving its
   * quote afterwards permits no second one.
   *
   * @returns The key that counts: that of the token, if it was used before.
   */
  agreed(request: SpendRequest, of: { confirm: string; key: string }): Promise<string>;
}
