import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { egressConfig } from './egress-config.ts';
import { parse, type Env } from './settings.ts';

const folderOrBucket = z.string().transform((text, context) => {
  try {
    if (text.startsWith('s3://')) return bucketOf(text);
    if (text.startsWith('file://')) return { folder: fileURLToPath(text) };
    if (!text.includes('://')) return { folder: resolve(text) };
    throw new TypeError('no such kind of storage');
  } catch {
    context.addIssue(`"${text}" is neither a folder nor s3://<bucket>/<prefix>`);
    return z.NEVER;
  }
});

/** Allows only names that need no quoting, and no hidden ones, because `.unfinished` is reserved. */
function bucketOf(text: string): { bucket: string; prefix: string } {
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/((?:\w[\w.-]*(?:\/|$))*))?$/.exec(text) ?? [];
  if (bucket === undefined) throw new TypeError('no bucket');
  return { bucket, prefix: prefix.replace(/\/$/, '') };
}

const storageSchema = z.object({
  STORAGE_URL: folderOrBucket.default(() => ({ folder: resolve('storage') })),
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).exactOptional(),
  S3_ADDRESSING: z.enum(['path', 'virtual']).exactOptional(),
  AWS_REGION: z.string().exactOptional(),
  AWS_ACCESS_KEY_ID: z.string().exactOptional(),
  AWS_SECRET_ACCESS_KEY: z.string().exactOptional(),
  AWS_SESSION_TOKEN: z.string().exactOptional(),
});

/** Default region of S3 servers other than Amazon's. */
const anyRegion = 'us-east-1';

/**
 * Settings of the storage: a folder, or a bucket with the standard variables of AWS tools. If no keys are set, the AWS
 * SDK uses its own sources, such as a profile or the role of the machine.
 *
 * @throws {ConfigError}
 */
export function storageConfig(env: Env) {
  const settings = parse(storageSchema, env);
  const place = settings.STORAGE_URL;
  if ('folder' in place) return place;
  const { S3_ENDPOINT: endpoint, AWS_SESSION_TOKEN: sessionToken } = settings;
  const region = settings.AWS_REGION ?? (endpoint === undefined ? undefined : anyRegion);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  const keys = accessKeyId !== undefined && secretAccessKey !== undefined;
  const token = sessionToken === undefined ? {} : { sessionToken };
  return {
    ...place,
    ...egressConfig(env),
    ...(endpoint !== undefined && { endpoint }),
    ...(settings.S3_ADDRESSING !== undefined && { addressing: settings.S3_ADDRESSING }),
    ...(region !== undefined && { region }),
    ...(keys && { credentials: { accessKeyId, secretAccessKey, ...token } }),
  };
}
