import { createFileStorage } from './folder/folder-storage.ts';
import type { S3StorageOptions } from './s3/bucket.ts';
import type { VideoStorage } from './video-storage.ts';

/** Where videos, claims and images live: a folder, or a bucket. */
export type StorageConfig = { folder: string } | S3StorageOptions;

/** What people call it: the path of the folder, or the address of the bucket. */
export function storagePlace(config: StorageConfig): string {
  if ('folder' in config) return config.folder;
  return `s3://${[config.bucket, config.prefix].filter((part) => part !== '').join('/')}`;
}

/** The storage of `STORAGE_URL`. Who stores in a folder does not wait for the AWS SDK to load. */
export async function createStorage(config: StorageConfig): Promise<VideoStorage> {
  if ('folder' in config) return createFileStorage(config);
  // Its version is pinned: that a later one will ask for a newer Node is nothing for the people of this process.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { createS3Storage } = await import('./s3/s3-storage.ts');
  return createS3Storage(config);
}
