import { S3Client } from '@aws-sdk/client-s3';
import { proxiedAgents } from '../../egress/proxied-agents.ts';
import { proxyFor, type ProxySettings } from '../../egress/proxy-for.ts';
import { tlsWords } from '../../egress/tls-words.ts';
import { StorageError } from '../storage-error.ts';

/** All calls here are idempotent. Temporal retries the whole activity, so this covers only transient errors. */
const maxAttempts = 4;
const connectionTimeoutMs = 10_000;
/** The SDK's default: concurrent connections per server. */
const maxSockets = 50;
/** Idle timeout. Longer than the slowest server-side copy of one piece. */
const socketTimeoutMs = 60_000;
/** Timeout until the response headers, including the upload of a part over a slow connection. */
const requestTimeoutMs = 300_000;

export interface S3StorageOptions {
  bucket: string;
  /** Key prefix in the bucket, without leading or trailing slashes. May be empty. */
  prefix: string;
  /** Endpoint of an S3-compatible server. Defaults to Amazon S3. */
  endpoint?: string;
  /** Defaults to the SDK's configuration. */
  region?: string;
  /** Defaults to the SDK's credential chain (environment, profile, instance role). */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /**
   * `virtual`: the bucket is part of the host name; required by Amazon, OSS and COS. `path`: the bucket is the first path
   * segment; expected by most self-hosted servers. Defaults to `path` if an endpoint is set.
   */
  addressing?: 'path' | 'virtual';
  /** Proxies for requests. Defaults to none. */
  proxies?: ProxySettings;
}

export interface S3Bucket {
  client: S3Client;
  /** The `Bucket` parameter of each call. */
  name: string;
  /** The object name of a key, prefix included. */
  nameOf(key: string): string;
  /** The prefix of all object names: empty, or with a trailing slash. */
  root: string;
}

export function openBucket({ bucket, prefix, ...options }: S3StorageOptions): S3Bucket {
  const root = prefix === '' ? '' : `${prefix}/`;
  return { client: createClient(options), name: bucket, nameOf: (key) => root + key, root };
}

/**
 * Sends checksums only where a call requires them. Each request body is signed with its SHA-256, which the server
 * verifies, and reads are verified against the hash of the whole video. Older S3-compatible servers reject the SDK's
 * default, an additional CRC32.
 */
function createClient({
  endpoint,
  region,
  credentials,
  addressing = endpoint === undefined ? 'virtual' : 'path',
  proxies = {},
}: Omit<S3StorageOptions, 'bucket' | 'prefix'>): S3Client {
  return new S3Client({
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: addressing === 'path',
    ...(region !== undefined && { region }),
    ...(credentials && { credentials }),
    maxAttempts,
    retryMode: 'standard',
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      socketTimeout: socketTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      ...proxiedAgents(proxyFor(proxies), { keepAlive: true, maxSockets }),
    },
  });
}

/** Runs one step on a bucket. Any failure becomes a StorageError with the action, the bucket and S3's error code. */
export async function inBucket<T>(
  { name }: S3Bucket,
  action: string,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw bucketError(name, action, cause);
  }
}

export function bucketError(bucket: string, action: string, cause: unknown): StorageError {
  return new StorageError(`Cannot ${action} in bucket "${bucket}": ${reasonOf(cause)}`, { cause });
}

/** S3's error code, the HTTP status and the message, as far as present. Socket errors have only a code. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { name, message, code, $metadata } = cause as Error & {
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  const said = tlsWords(code, message) ?? message;
  const parts = [code ?? (name === 'Error' ? '' : name), status ? `HTTP ${status}` : '', said];
  return parts.filter((part) => part !== '' && part !== 'UnknownError').join(', ');
}

/** The SDK uses S3's error codes as error names. */
export function isS3Code(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes(error.name);
}

/** Null if the object does not exist. A missing bucket is an error if the server distinguishes it. */
export async function absentAsNull<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (isS3Code(error, 'NoSuchKey', 'NotFound')) return null;
    throw error;
  }
}
