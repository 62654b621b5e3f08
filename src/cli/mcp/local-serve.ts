import { gatewayGeneration } from '../../config/gateway-config.ts';
import { webhooksConfig } from '../../config/webhooks-config.ts';
import { ownPrices } from '../../config/worker-config.ts';
import { priceBook } from '../../contract/price/price-book.ts';
import { createOpenStreams } from '../../serve/limits/open-streams.ts';
import { createRateLimit } from '../../serve/limits/rate-limit.ts';
import type { ServePorts } from '../../serve/ports.ts';
import type { Env } from '../context.ts';

type Local = Pick<
  ServePorts,
  | 'host'
  | 'prices'
  | 'trustedOrigins'
  | 'withoutKey'
  | 'authenticate'
  | 'links'
  | 'rateLimit'
  | 'streams'
  | 'onResponse'
  | 'now'
>;

/** Open waits of the one agent. */
const maxWaits = 20;

/** Ports of the HTTP API without a server: nothing connects to it. */
export function localServe(env: Env): Local {
  return {
    host: gatewayGeneration(env),
    prices: priceBook(ownPrices(env)),
    trustedOrigins: webhooksConfig(env).trustedOrigins,
    withoutKey: 'off',
    authenticate: () => Promise.resolve(null),
    links: {
      isActive: () => Promise.resolve(false),
      operator: () => Promise.resolve(null),
      linkSecret: () => '',
    },
    rateLimit: createRateLimit({ perSecond: 1_000, burst: 1_000 }),
    streams: createOpenStreams(maxWaits),
    onResponse: () => {},
    now: Date.now,
  };
}
