import { createFileStorage } from './folder/folder-storage.ts';
import type { S3StorageOptions } from './s3/bucket.ts';
import type { VideoStorage } from './video-storage.ts';

/** Where videos, claims and images are stored: a folder or a bucket. */
export type StorageConfig = { folder: string } | S3StorageOptions;

/** Display name: the path of the folder, or the URI of the bucket. */
export function storagePlace(config: StorageConfig): string {
  if ('folder' in config) return config.folder;
  return `s3://${[config.bucket, config.prefix].filter((part) => part !== '').join('/')}`;
}

/** Creates the storage of `STORAGE_URL`. Loads the AWS SDK only for buckets. */
export async function createStorage(config: StorageConfig): Promise<VideoStorage> {
  if ('folder' in config) return createFileStorage(config);
  // The SDK version is pinned, so its warning about future Node requirements does not concern users.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { createS3Storage } = await import('./s3/s3-storage.ts');
  return createS3Storage(config);
}
