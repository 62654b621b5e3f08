import { S3Client } from '@aws-sdk/client-s3';
import { proxiedAgents } from '../../egress/proxied-agents.ts';
import { proxyFor, type ProxySettings } from '../../egress/proxy-for.ts';
import { tlsWords } from '../../egress/tls-words.ts';
import { StorageError } from '../storage-error.ts';

/** All calls here are free to repeat. Temporal repeats the whole activity, so this is for single hiccups only. */
const maxAttempts = 4;
const connectionTimeoutMs = 10_000;
/** The SDK's own default: connections to one server at once. */
const maxSockets = 50;
/** Without a byte in either direction; above the slowest server-side copy of one piece. */
const socketTimeoutMs = 60_000;
/** Until the head of an answer, the sending of a part on a slow line included. */
const requestTimeoutMs = 300_000;

export interface S3StorageOptions {
  bucket: string;
  /** What all keys in the bucket begin with, without slashes at its ends; may be empty. */
  prefix: string;
  /** Of an S3-compatible server; Amazon's own when absent. */
  endpoint?: string;
  /** The SDK's own settings count when absent. */
  region?: string;
  /** The SDK's own chain (environment, profile, role of the machine) when absent. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /**
   * `virtual`: the bucket is a part of the host name, which Amazon, OSS and COS demand. `path`: it is the first part of
   * the path, as most self-hosted servers want it. Without it: `path` where an endpoint is set.
   */
  addressing?: 'path' | 'virtual';
  /** Which proxy requests take; none where absent. */
  proxies?: ProxySettings;
}

/** A bucket, and what our names in it begin with. */
export interface S3Bucket {
  client: S3Client;
  /** For `Bucket` in each call. */
  name: string;
  /** Name of our key in the bucket. */
  nameOf(key: string): string;
  /** What all our names begin with: empty, or with a slash at its end. */
  root: string;
}

export function openBucket({ bucket, prefix, ...options }: S3StorageOptions): S3Bucket {
  const root = prefix === '' ? '' : `${prefix}/`;
  return { client: createClient(options), name: bucket, nameOf: (key) => root + key, root };
}

/**
 * Checksums only where a call demands them: each body that we send is signed with its SHA-256, which the server
 * verifies, and what we read is checked against the hash of the whole video. The SDK's default, a CRC32 beside all
 * that, is refused by older S3-compatible servers.
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

/** Runs one step on a bucket; whatever fails becomes a StorageError that says what was tried, where, and S3's code. */
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

/** S3's code, the HTTP status and the message, as far as there are any: errors of sockets have a code alone. */
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

/** S3's codes are the names of the SDK's errors. */
export function isS3Code(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes(error.name);
}

/** Null where the object does not exist; a bucket that does not exist is an error, where S3 tells it apart. */
export async function absentAsNull<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (isS3Code(error, 'NoSuchKey', 'NotFound')) return null;
    throw error;
  }
}
