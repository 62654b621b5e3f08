import type { Answer } from '../answer.ts';

/** What a family makes of a request: the vendor's body, and the file the vendor would deliver. */
export interface VendorPlan {
  sent: Record<string, unknown>;
  dropped: string[];
  /** Seconds of the file the vendor makes. */
  madeSeconds: number;
  /** Seconds the account is charged for; not always the same (gateway.md 3.4, Sora). */
  chargedSeconds: number;
  width: number;
  height: number;
  /** Value of `X-New-Api-Other-Ratios`. */
  ratios: Record<string, number>;
  /** On a host with plugins: what the plugin asks of its vendor, in words that do not depend on the vendor. */
  made?: MadeVideo;
  /** The price before the ratio of the group, where a billing expression sets it. */
  money?: number;
}

/** The video that is made, as the plugin decided from the request and its own defaults. */
export interface MadeVideo {
  seconds: number;
  resolution: string;
  ratio: string;
  audio: boolean;
  media: MadeMedium[];
}

/** One picture, video or sound that reaches the vendor. */
export interface MadeMedium {
  kind: 'image' | 'video' | 'audio';
  role: 'first_frame' | 'last_frame' | 'reference' | 'extend';
  /** Address, data URI or Base64, as it was sent. */
  source: string;
}

/** A plan, or the refusal by the gateway or the vendor; nothing is charged for a refusal. */
export type Planned = { plan: VendorPlan } | { refusal: Answer };
