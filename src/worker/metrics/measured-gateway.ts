import type { MetricMeter } from '@temporalio/common';
import type { FailureKind } from '../../contract/failure.ts';
import { count, observe } from '../../contract/metrics.ts';
import type { ExchangeOptions, Gateway, ResultStream } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';

export const gatewayOperations = [
  'submit',
  'poll',
  'download',
  'search',
  'balance',
  'log',
  'models',
  'prices',
  'upload',
] as const;
type Operation = (typeof gatewayOperations)[number];
type Outcome = 'ok' | 'cancelled' | FailureKind;

export interface MeasuredGatewayOptions {
  gateway: Gateway;
  meter: MetricMeter;
  /** Metric label of the current model. */
  model: () => string;
  /** Called at the start of each exchange. Returns a function that takes the outcome. */
  exchange?: ((operation: string) => (outcome: string) => void) | undefined;
}

/** Wraps a gateway, and counts and times each exchange. Results and errors pass unchanged. */
export function measuredGateway(options: MeasuredGatewayOptions): Gateway {
  const { gateway } = options;
  const measured = async <T>(
    operation: Operation,
    { signal }: ExchangeOptions,
    exchange: Promise<T>,
  ): Promise<T> => {
    const end = begin(options, operation);
    try {
      const answer = await exchange;
      end('ok');
      return answer;
    } catch (error) {
      end(outcomeOf(error, signal));
      throw error;
    }
  };
  return {
    origin: gateway.origin,
    canSearch: gateway.canSearch,
    submit: (request, rest) => measured('submit', rest, gateway.submit(request, rest)),
    status: (job, rest) => measured('poll', rest, gateway.status(job, rest)),
    listModels: (rest) => measured('models', rest, gateway.listModels(rest)),
    findOwnJobs: (window, rest) => measured('search', rest, gateway.findOwnJobs(window, rest)),
    readKeyLog: (rest) => measured('log', rest, gateway.readKeyLog(rest)),
    findRequest: (requestId, rest) => measured('log', rest, gateway.findRequest(requestId, rest)),
    readBalance: (rest) => measured('balance', rest, gateway.readBalance(rest)),
    pricing: (rest) => measured('prices', rest, gateway.pricing(rest)),
    uploadMedia: (media, rest) => measured('upload', rest, gateway.uploadMedia(media, rest)),
    openResult: async (target, rest) => {
      const end = begin(options, 'download');
      try {
        const stream = await gateway.openResult(target, rest);
        return measuredStream(stream, { ...options, ...rest, end });
      } catch (error) {
        end(outcomeOf(error, rest.signal));
        throw error;
      }
    },
  };
}

/** Returns a function that ends the measurement; only its first call counts. */
function begin({ meter, model, exchange }: MeasuredGatewayOptions, operation: Operation) {
  const labels = { operation, model: model() };
  const endSpan = exchange?.(operation);
  const begunAt = performance.now();
  let ended = false;
  return (outcome: Outcome): void => {
    if (ended) return;
    ended = true;
    endSpan?.(outcome);
    count(meter, 'onetake_gateway_requests_total', { ...labels, outcome });
    const value = (performance.now() - begunAt) / 1_000;
    observe(meter, 'onetake_gateway_request_seconds', { ...labels, value });
  };
}

interface Transfer extends Pick<MeasuredGatewayOptions, 'meter' | 'model'> {
  signal?: AbortSignal;
  end: (outcome: Outcome) => void;
}

/** A transfer ends with its last byte, an error, or when we close it, which does not count for the gateway. */
function measuredStream(stream: ResultStream, transfer: Transfer): ResultStream {
  return {
    ...stream,
    body: counted(stream.body, { ...transfer, model: transfer.model() }),
    close: () => {
      stream.close();
      transfer.end('cancelled');
    },
  };
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  { meter, model, signal, end }: Omit<Transfer, 'model'> & { model: string },
): AsyncGenerator<Uint8Array> {
  let by = 0;
  try {
    for await (const chunk of body) {
      by += chunk.length;
      yield chunk;
    }
    end('ok');
  } catch (error) {
    end(outcomeOf(error, signal));
    throw error;
  } finally {
    count(meter, 'onetake_download_bytes_total', { model, by });
  }
}

/** An exchange that we cancelled is not a failure of the gateway, except a submit that may be paid. */
function outcomeOf(error: unknown, signal: AbortSignal | undefined): Outcome {
  if (!(error instanceof GatewayError)) return 'cancelled';
  return signal?.aborted && error.kind !== 'submit_unknown' ? 'cancelled' : error.kind;
}
