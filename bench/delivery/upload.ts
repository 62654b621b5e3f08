/** A separate process: uploads bytes from memory to S3 in parts, and nothing else. What a delivery to S3 is compared with. */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { openBucket, type S3StorageOptions } from '../../src/storage/s3/bucket.ts';

export interface UploadOrder {
  storage: S3StorageOptions;
  sizeBytes: number;
}

/** The defaults of the upload helper of the AWS SDK. */
const partBytes = 5 * 1024 * 1024;
const partsAtOnce = 4;

process.once('message', (order: UploadOrder) => {
  void upload(order).then((seconds) => process.send?.({ seconds }, () => process.exit()));
});
process.send?.('ready');

async function upload({ storage, sizeBytes }: UploadOrder): Promise<number> {
  const { client, name: Bucket } = openBucket(storage);
  const part = Buffer.alloc(partBytes, 'some bytes');
  const begun = performance.now();
  const target = { Bucket, Key: 'plain.mp4' };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const atOnce = pLimit(partsAtOnce);
  const count = Math.ceil(sizeBytes / partBytes);
  const Parts = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      atOnce(async () => {
        const PartNumber = index + 1;
        const Body = part.subarray(0, sizeBytes - index * partBytes);
        const sent = await client.send(
          new UploadPartCommand({ ...target, UploadId, PartNumber, Body }),
        );
        return { ETag: sent.ETag, PartNumber };
      }),
    ),
  );
  const complete = { ...target, UploadId, MultipartUpload: { Parts } };
  await client.send(new CompleteMultipartUploadCommand(complete));
  return (performance.now() - begun) / 1000;
}
