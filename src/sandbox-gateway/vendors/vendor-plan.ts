import type { Answer } from '../answer.ts';

/** Result of a family for a request: the vendor's body and file. */
export interface VendorPlan {
  sent: Record<string, unknown>;
  dropped: string[];
  /** Seconds of the vendor's file. */
  madeSeconds: number;
  /** Charged seconds; not always equal (Sora). */
  chargedSeconds: number;
  width: number;
  height: number;
  /** Value of `X-New-Api-Other-Ratios`. */
  ratios: Record<string, number>;
  /** On a host with plugins: the vendor-independent request of the plugin. */
  made?: MadeVideo;
  /** The price of a billing expression, before the group ratio. */
  money?: number;
}

/** The video, from the request and the defaults of the plugin. */
export interface MadeVideo {
  seconds: number;
  resolution: string;
  ratio: string;
  audio: boolean;
  media: MadeMedium[];
}

/** One image, video or sound for the vendor. */
export interface MadeMedium {
  kind: 'image' | 'video' | 'audio';
  role: 'first_frame' | 'last_frame' | 'reference' | 'extend';
  /** Address, data URI or Base64, as it was sent. */
  source: string;
}

/** A plan, or a refusal by gateway or vendor, which costs nothing. */
export type Planned = { plan: VendorPlan } | { refusal: Answer };
