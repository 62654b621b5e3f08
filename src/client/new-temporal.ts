import { Client, type ClientInterceptors, type ConnectionLike } from '@temporalio/client';
import type { PayloadKey } from '../codec/payload-keys.ts';
import { clientCodec } from './client-codec.ts';

/** Namespace, interceptors and payload keys of a client of Temporal. */
export interface TemporalOptions {
  /** Default `default`. */
  namespace?: string | undefined;
  interceptors?: ClientInterceptors | undefined;
  /** The keys of the workers, if they encrypt payloads. */
  payloadKeys?: readonly PayloadKey[] | undefined;
}

/** Temporal's client on an open connection, with our payload codec. */
export function newTemporal(
  connection: ConnectionLike,
  { namespace = 'default', payloadKeys = [], interceptors = {} }: TemporalOptions,
): Client {
  const dataConverter = { payloadCodecs: [clientCodec(payloadKeys)] };
  return new Client({ connection, namespace, dataConverter, interceptors });
}
