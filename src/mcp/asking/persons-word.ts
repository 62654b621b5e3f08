import {
  inputResponse,
  type InputRequiredResult,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { QuoteObject } from '../../serve/catalogue/quote-video.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import type { SpendRequest } from '../spending/spend-permission.ts';
import { startedVideo } from '../tools/started-video.ts';
import type { ToolParts } from '../tools/tool.ts';
import { answerMs, newQuestion, type AskedState } from './asked-state.ts';
import { canAsk } from './can-ask.ts';
import { needsApproval } from './needs-approval.ts';
import { askToPay, payQuestion, questionName } from './question.ts';

/** A request that may be paid only with a person's word. */
export interface Wish {
  spend: SpendRequest;
  quote: QuoteObject;
  /** Token of a quote. */
  confirm?: string;
}

/** Permission to pay, with the idempotency key; or the question that must be answered first. */
export type Word = GivenWord | { question: InputRequiredResult };

/** A word that was given. */
export interface GivenWord {
  key: string;
  /** Milliseconds since the epoch. From then on it only finds its video, and starts nothing. */
  startUntil: number;
}

/** What {@link personsWord} works with. */
export interface AskingParts extends ToolParts {
  states: RequestStateCodec<AskedState>;
}

/**
 * A person's word on a request: an approval, a standing permission, or the answer to a question.
 *
 * @throws {ApiError} 403: there is none, and the message says how to get it. Nothing was spent.
 */
export async function personsWord(
  parts: AskingParts,
  wish: Wish,
  context: ServerContext,
): Promise<Word> {
  const asked = context.mcpReq.requestState<AskedState>();
  if (asked !== undefined) return answerTo(parts, { wish, asked }, context);
  const { spend, confirm } = wish;
  const permission = await parts.ports.permissions.check(spend, confirm);
  if (permission.ok) return { key: permission.key, startUntil: permission.startUntil };
  // The agent has mixed up two requests. A question about this one would hide that.
  const isMixedUp = permission.reason === 'other_request';
  if (!isMixedUp && canAsk(parts.server, context)) return ask(parts, wish, context);
  throw await needsApproval(parts.ports.permissions, { spend, permission });
}

async function ask(
  { ports, states }: AskingParts,
  { spend, quote }: Wish,
  context: ServerContext,
): Promise<Word> {
  const state = await states.mint(newQuestion(spend, ports.now()), context);
  return { question: askToPay(payQuestion(spend, quote), state) };
}

/** The client repeats the call with the answer, and could repeat another one: the signed state says what was asked. */
async function answerTo(
  parts: AskingParts,
  { wish, asked }: { wish: Wish; asked: AskedState },
  context: ServerContext,
): Promise<Word> {
  const { spend, confirm } = wish;
  const isSame = asked.digest === spend.digest && (spend.key ?? asked.key) === asked.key;
  if (!isSame) throw refused('other_request', 'the arguments changed after the person was asked');
  const answer = inputResponse(context.mcpReq.inputResponses, questionName);
  if (answer.kind !== 'elicit') return ask(parts, wish, context);
  const isYes = answer.action === 'accept' && answer.content?.[questionName] === true;
  const { key } = asked;
  const { ports } = parts;
  const startUntil = asked.askedAt + answerMs;
  if (costsMore(spend, asked) || ports.now() > startUntil) {
    const isStarted = isYes && (await startedVideo(ports, { ...spend, key })) !== null;
    return isStarted ? { key, startUntil } : ask(parts, wish, context);
  }
  if (isYes) {
    if (confirm === undefined) return { key, startUntil };
    return { key: await ports.permissions.agreed(spend, { confirm, key }), startUntil };
  }
  throw refused(
    'declined',
    'the person did not agree. Do not ask again unless the person wants it',
  );
}

function costsMore({ money }: SpendRequest, { money: seen }: AskedState): boolean {
  return seen !== null && (money === null || money > seen);
}

function refused(code: string, reason: string): ApiError {
  return new ApiError(403, code, { message: `Nothing was spent: ${reason}` });
}
