import type { Answer } from './answer.ts';

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
}

/** A plan, or the refusal by the gateway or the vendor; nothing is charged for a refusal. */
export type Planned = { plan: VendorPlan } | { refusal: Answer };
