import type { Context, Hono, HonoRequest } from 'hono';
import { readBodyText } from '../../serve/bodies/read-body-text.ts';
import { ApiError } from '../../serve/http/api-error.ts';
import { toApiError } from '../../serve/http/error-table.ts';
import { demandLocal } from '../../serve/http/local-only.ts';
import { demandOwnOrigin } from '../../serve/http/own-origin.ts';
import { createRateLimit, type RateLimit } from '../../serve/limits/rate-limit.ts';
import type { ServeEnv, ServePorts } from '../../serve/ports.ts';
import type { Tenant } from '../../serve/tenants/tenant.ts';
import type { SpendOffer, SpendOffers } from '../spending/spend-offers.ts';
import { approvePage, approvePolicy, notePage, type ApproveView } from './approve-page.ts';
import { languageOf, type Lang } from './approve-texts.ts';

/** What the page works with. */
export interface ApprovePorts extends Pick<
  ServePorts,
  'authenticate' | 'publicUrl' | 'now' | 'onError'
> {
  offers: SpendOffers;
  /** Of the page as a whole, because it has no callers that could be told apart. */
  limit?: RateLimit;
}

/** People open few pages. Each request reads the storage. */
const defaultRate = { perSecond: 10, burst: 50 };
const maxFormBytes = 4_096;

type Page = Awaited<ReturnType<typeof approvePage>>;

/**
 * The page where a person approves a quote: `/approve/<token>`. GET shows it, only POST approves.
 *
 * The agent has the address and could post to it. With a keys file, the form needs the API key of the tenant, which the
 * agent's host has and the agent does not. Without one, only programs on this machine may call the server. No cookie is
 * used, so a page of another site has nothing to abuse.
 */
export function approveRoutes(app: Hono<ServeEnv>, ports: ApprovePorts): void {
  const { limit = createRateLimit(defaultRate) } = ports;
  const answer = (handle: Handle) => async (context: Context<ServeEnv>) => {
    setHeaders(context);
    const lang = languageOf(context.req.header('accept-language'));
    try {
      demandRate(context, limit);
      return await handle({ context, lang, ports });
    } catch (error) {
      const known = toApiError(error);
      if (known.status >= 500) ports.onError(error, context.get('requestId'));
      context.set('errorCode', known.code);
      return context.html(notePage(lang, 'refused', known.message) as Page, known.status as 403);
    }
  };
  app.get('/approve/:token', answer(show));
  app.post('/approve/:token', answer(approve));
}

interface Visit {
  context: Context<ServeEnv>;
  lang: Lang;
  ports: ApprovePorts;
}
type Handle = (visit: Visit) => Promise<Response>;

async function show(visit: Visit): Promise<Response> {
  const { local, offer } = await open(visit);
  if (!offer) return unknownQuote(visit);
  return page(visit, { offer, needsKey: !local });
}

async function approve(visit: Visit): Promise<Response> {
  const { context, ports } = visit;
  demandOwnOrigin(context.req, { publicUrl: ports.publicUrl, isRequired: true });
  const { local, offer } = await open(visit);
  if (!offer) return unknownQuote(visit);
  // The page says what became of the quote.
  if (offer.state !== 'open') return context.redirect(context.req.path, 303);
  const tenant = local ?? (await keyedTenant(context.req, ports));
  if (tenant?.name !== offer.tenant) {
    context.set('errorCode', 'invalid_api_key');
    return page(visit, { offer, needsKey: true, isRefused: true });
  }
  context.set('tenant', tenant);
  const { keyId } = tenant;
  await ports.offers.approve(offer.code, { by: 'page', keyId });
  // A reload of the page then sends nothing. It shows the approval, or that the quote has expired meanwhile.
  return context.redirect(context.req.path, 303);
}

/** @throws {ApiError} 429 */
function demandRate(context: Context<ServeEnv>, limit: RateLimit): void {
  const decision = limit.take('approve');
  if (decision.ok) return;
  const { retryAfterSeconds } = decision;
  context.header('retry-after', String(retryAfterSeconds));
  const message = `Too many requests for this page; try again in ${retryAfterSeconds} s`;
  throw new ApiError(429, 'rate_limit_exceeded', { message, retryAfterSeconds });
}

/** The quote of the address. On a server without API keys, only its own quotes exist, for programs of this machine. */
async function open({ context, ports }: Visit): Promise<{
  local: Tenant | null;
  offer: SpendOffer | null;
}> {
  const anybody = await ports.authenticate(null);
  const local = anybody?.keyId === null ? anybody : null;
  if (local) demandLocal(context.req);
  const offer = await ports.offers.byToken(context.req.param('token') ?? '');
  return { local, offer: local && offer?.tenant !== local.name ? null : offer };
}

function page(
  { context, lang, ports }: Visit,
  view: Omit<ApproveView, 'nowMs'>,
): Response | Promise<Response> {
  const status = view.offer.state === 'expired' ? 410 : view.isRefused ? 403 : 200;
  return context.html(approvePage(lang, { ...view, nowMs: ports.now() }) as Page, status);
}

function unknownQuote({ context, lang }: Visit): Response | Promise<Response> {
  context.set('errorCode', 'not_found');
  return context.html(notePage(lang, 'unknown') as Page, 404);
}

/** The tenant of the API key in the form. @throws {ApiError} 413, 415 */
async function keyedTenant(
  request: HonoRequest,
  { authenticate }: Pick<ServePorts, 'authenticate'>,
): Promise<Tenant | null> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.header('content-type') ?? '')) {
    throw new ApiError(415, 'unsupported_media_type', { message: 'This page takes its form only' });
  }
  const form = { maxBytes: maxFormBytes, advice: 'send the API key only' };
  const key = new URLSearchParams(await readBodyText(request.raw, form)).get('key')?.trim() ?? '';
  return key === '' ? null : authenticate(key);
}

/** The address contains the token: no other site may learn it, and no cache may keep the page. */
function setHeaders(context: Context<ServeEnv>): void {
  context.header('content-security-policy', approvePolicy);
  // With `no-referrer`, browsers send `Origin: null` with the form.
  context.header('referrer-policy', 'same-origin');
  context.header('x-content-type-options', 'nosniff');
  context.header('cross-origin-opener-policy', 'same-origin');
  context.header('cache-control', 'no-store');
  context.header('vary', 'accept-language');
}
