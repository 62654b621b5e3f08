import type { Billed, FailureKind } from '../../contract/failure.ts';
import type { SubmitOutcome } from '../gateway-error.ts';
import type { GatewayWords } from './gateway-words.ts';
import {
  balanceRules,
  downloadRules,
  modelRules,
  searchRules,
  statusRules,
  submitRules,
  ticketRules,
  uploadRules,
  type BodyShape,
  type Rule,
} from './rules.ts';
import { speaksOf } from './topics.ts';

export type Operation =
  | 'submit'
  | 'status'
  | 'download'
  | 'models'
  | 'search'
  | 'balance'
  | 'log'
  | 'prices'
  | 'ticket'
  | 'upload';

/** A response without the expected result. */
export interface Fault {
  httpStatus: number;
  shape: BodyShape;
  words: GatewayWords;
}

export interface Verdict {
  kind: FailureKind;
  billed: Billed;
  submitOutcome?: SubmitOutcome;
  pause?: boolean;
  /** Added to the message. */
  says?: string;
}

/**
 * Classifies an error response by the first matching row of the operation's table. Codes take precedence over the HTTP
 * status. An ambiguous submit is `unknown`.
 *
 * @see docs/gateway.md#submit-outcomes
 */
export function classify(operation: Operation, fault: Fault): Verdict {
  const rule = tables[operation].find((row) => fits(row, fault));
  const { kind, outcome, pause, says } = rule ?? lastRules[operation];
  return {
    kind,
    billed: billedOf(operation, outcome),
    ...(outcome === undefined ? {} : { submitOutcome: outcome }),
    ...(pause === undefined ? {} : { pause }),
    ...(says === undefined ? {} : { says }),
  };
}

const tables: Record<Operation, readonly Rule[]> = {
  submit: submitRules,
  status: statusRules,
  download: downloadRules,
  models: modelRules,
  search: searchRules,
  balance: balanceRules,
  log: searchRules,
  prices: searchRules,
  ticket: ticketRules,
  upload: uploadRules,
};

/** Used if no row matches. */
const lastRules: Record<Operation, Rule> = {
  submit: { kind: 'submit_unknown', outcome: 'unknown' },
  status: { kind: 'gateway_unavailable' },
  download: { kind: 'gateway_unavailable' },
  models: { kind: 'gateway_unavailable' },
  search: { kind: 'gateway_unavailable' },
  balance: { kind: 'gateway_unavailable' },
  log: { kind: 'gateway_unavailable' },
  prices: { kind: 'gateway_unavailable' },
  ticket: { kind: 'gateway_unavailable' },
  upload: { kind: 'gateway_unavailable' },
};

/** Billing after an unusable response. Search, balance and log are read to resolve unknown submits, so they are `maybe`. */
export const billedWithout = {
  submit: 'no',
  status: 'maybe',
  download: 'yes',
  models: 'no',
  search: 'maybe',
  balance: 'maybe',
  log: 'maybe',
  prices: 'no',
  ticket: 'no',
  upload: 'no',
} as const satisfies Record<Operation, Billed>;

function billedOf(operation: Operation, outcome: SubmitOutcome | undefined): Billed {
  if (operation === 'submit') return outcome === 'unknown' ? 'maybe' : 'no';
  return billedWithout[operation];
}

function fits(rule: Rule, { httpStatus, shape, words }: Fault): boolean {
  const { status, codes, types, shapes, refused, vendorNumber, about } = rule;
  return (
    (status === undefined || status.some((part) => includes(part, httpStatus))) &&
    (codes === undefined || codes.some((code) => matches(code, words.code))) &&
    (types === undefined || types.includes(words.type ?? '')) &&
    (shapes === undefined || shapes.includes(shape)) &&
    (refused === undefined || words.refused === true) &&
    (vendorNumber === undefined || isVendorNumber(words)) &&
    (about === undefined || speaksOf(about, words))
  );
}

function includes(part: number | readonly [number, number], httpStatus: number): boolean {
  return typeof part === 'number'
    ? part === httpStatus
    : part[0] <= httpStatus && httpStatus <= part[1];
}

function matches(pattern: string, code: string | undefined): boolean {
  if (code === undefined) return false;
  return pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : code === pattern;
}

/** Vendor codes have at least four digits. A smaller number is probably an HTTP status. */
function isVendorNumber({ envelope, code }: GatewayWords): boolean {
  return envelope === 'task' && code !== undefined && /^[1-9]\d{3,}$/.test(code);
}
