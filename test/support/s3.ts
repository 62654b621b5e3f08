import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { type S3Address, type S3Server, startS3Server } from './s3-server.ts';
import type { S3StorageOptions } from '../../src/storage/s3/bucket.ts';

/** The first use on a machine may build the server. */
export const s3StartTimeoutMs = 900_000;

/**
 * Gives fresh buckets on one S3 server for the test file, which starts with the first and ends with the file. Call it
 * at the top of the file; give the first bucket `s3StartTimeoutMs`.
 */
export function useS3(): () => Promise<S3StorageOptions> {
  let server: Promise<S3Server> | undefined;
  afterAll(async () => (await server)?.stop());
  return async () => {
    server ??= startS3Server({ ...existingServer() });
    const { endpoint, region, credentials } = await server;
    const bucket = `onetake-test-${randomUUID()}`;
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    return { bucket, prefix: 'some/where', endpoint, region, credentials };
  };
}

function existingServer(): { existing?: S3Address } {
  const { S3_ENDPOINT: endpoint, AWS_REGION: region = 'us-east-1' } = process.env;
  if (!endpoint) return {};
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } =
    process.env;
  return { existing: { endpoint, region, credentials: { accessKeyId, secretAccessKey } } };
}
