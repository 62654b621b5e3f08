import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/settings.ts';
import { gatewayConfig } from '../../src/config/gateway-config.ts';
import { storageConfig } from '../../src/config/storage-config.ts';
import { temporalConfig } from '../../src/config/temporal-config.ts';
import { workerConfig } from '../../src/config/worker-config.ts';
import { defaultBaseUrl } from '../../src/contract/defaults.ts';

const apiKey = 'sk-very-secret';
const withKey = { GATEWAY_API_KEY: apiKey };
/** A `temporal.toml` of whoever runs the tests must not be read. */
const noFile = { TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml' };

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('Expected a ConfigError');
}

describe('where nothing is set', () => {
  test('the gateway is the published one, and trusts no other origin', () => {
    expect(gatewayConfig(withKey)).toEqual({
      baseUrl: defaultBaseUrl,
      apiKey,
      trustedOrigins: [],
    });
  });

  test('videos go into a folder here', () => {
    expect(storageConfig({})).toEqual({ folder: resolve('storage') });
  });

  test('a worker takes all queues, 30 minutes, the beat of the gateway, 4 GiB', () => {
    expect(workerConfig({})).toEqual({
      deadlineMs: 1_800_000,
      schedule: 'learned',
      speed: 1,
      maxBytes: 4 * 1024 ** 3,
      checks: 'strict',
      queues: ['workflows', 'submit', 'poll', 'download', 'webhooks'],
      exclusiveAccount: false,
      checksModels: true,
      host: 'plugins',
      maxJobs: 3,
      prices: {},
    });
  });

  test('Temporal is the local server', () => {
    expect(temporalConfig(noFile)).toMatchObject({
      address: 'localhost:7233',
      namespace: 'default',
    });
  });
});

describe('each variable', () => {
  test('of the gateway has its effect', () => {
    const config = gatewayConfig({
      ...withKey,
      GATEWAY_BASE_URL: 'http://127.0.0.1:8080/v1',
      GATEWAY_TRUSTED_ORIGINS: 'https://media.example/, http://10.0.0.1:9000',
    });
    expect(config).toEqual({
      baseUrl: 'http://127.0.0.1:8080/v1',
      apiKey,
      trustedOrigins: ['https://media.example', 'http://10.0.0.1:9000'],
    });
  });

  test('of the storage has its effect, from the current folder on', () => {
    expect(storageConfig({ STORAGE_URL: '/srv/videos' })).toEqual({ folder: '/srv/videos' });
    expect(storageConfig({ STORAGE_URL: 'file:///srv/a%20b' })).toEqual({ folder: '/srv/a b' });
    expect(storageConfig({ STORAGE_URL: 'out' })).toEqual({ folder: resolve('out') });
  });

  test.each([
    ['s3://my-videos', 'my-videos', ''],
    ['s3://my-videos/', 'my-videos', ''],
    ['s3://my.videos/team/film', 'my.videos', 'team/film'],
    ['s3://my-videos/team/', 'my-videos', 'team'],
  ])('of the storage names a bucket: %s', (url, bucket, prefix) => {
    expect(storageConfig({ STORAGE_URL: url })).toEqual({ bucket, prefix });
  });

  test('of a bucket has its effect, by the names that all AWS tools share', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    const bucket = { STORAGE_URL: 's3://my-videos', S3_ENDPOINT: 'http://127.0.0.1:9000' };
    expect(storageConfig({ ...bucket, ...keys })).toEqual({
      bucket: 'my-videos',
      prefix: '',
      endpoint: 'http://127.0.0.1:9000',
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    });
    const more = { AWS_REGION: 'eu-central-1', AWS_SESSION_TOKEN: 'token' };
    expect(storageConfig({ ...bucket, ...keys, ...more })).toMatchObject({
      region: 'eu-central-1',
      credentials: { sessionToken: 'token' },
    });
  });

  test('of the worker has its effect', () => {
    const config = workerConfig({
      VIDEO_DEADLINE_MINUTES: '0.5',
      POLL_SCHEDULE: 'stepped',
      POLL_SPEED: '20',
      DOWNLOAD_MAX_BYTES: '1000',
      VIDEO_CHECKS: 'lenient',
      GATEWAY_ACCOUNT_EXCLUSIVE: 'on',
      GATEWAY_MODEL_CHECK: 'off',
      GATEWAY_GENERATION: 'classic',
      WORKER_QUEUES: 'submit, poll',
      WORKFLOW_BUNDLE: 'dist/workflow-bundle.js',
    });
    expect(config).toEqual({
      deadlineMs: 30_000,
      schedule: 'stepped',
      speed: 20,
      maxBytes: 1_000,
      checks: 'lenient',
      queues: ['submit', 'poll'],
      exclusiveAccount: true,
      checksModels: false,
      host: 'classic',
      maxJobs: 3,
      prices: {},
      workflowBundle: 'dist/workflow-bundle.js',
    });
  });

  test('of Temporal has its effect, by the names that all its tools share', () => {
    const config = temporalConfig({
      ...noFile,
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_NAMESPACE: 'videos',
      TEMPORAL_API_KEY: 'temporal-key',
    });
    expect(config).toMatchObject({
      address: 'temporal.example:7233',
      namespace: 'videos',
      connectionOptions: { address: 'temporal.example:7233', apiKey: 'temporal-key' },
    });
  });

  test('that is empty counts as not set', () => {
    const names = ['GATEWAY_BASE_URL', 'GATEWAY_TRUSTED_ORIGINS', 'STORAGE_URL', 'WORKFLOW_BUNDLE'];
    const more = ['VIDEO_DEADLINE_MINUTES', 'POLL_SCHEDULE', 'POLL_SPEED', 'WORKER_QUEUES'];
    const empty = Object.fromEntries(
      [...names, ...more, 'DOWNLOAD_MAX_BYTES'].map((name) => [name, '']),
    );
    expect(workerConfig(empty)).toEqual(workerConfig({}));
    expect(storageConfig(empty)).toEqual(storageConfig({}));
    expect(gatewayConfig({ ...empty, ...withKey })).toEqual(gatewayConfig(withKey));
  });
});

describe('a wrong setting is refused in one line that names it', () => {
  type Read = (env: Record<string, string>) => unknown;
  const rows: [string, string, Read][] = [
    ['GATEWAY_BASE_URL', '88api.ai', gatewayConfig],
    ['GATEWAY_BASE_URL', 'ftp://88api.ai', gatewayConfig],
    ['GATEWAY_BASE_URL', 'not an address', gatewayConfig],
    ['GATEWAY_TRUSTED_ORIGINS', 'media.example', gatewayConfig],
    ['GATEWAY_TRUSTED_ORIGINS', 'https://a.example,,', gatewayConfig],
    ['GATEWAY_TRUSTED_ORIGINS', 'localhost:9000', gatewayConfig],
    ['VIDEO_DEADLINE_MINUTES', 'soon', workerConfig],
    ['VIDEO_DEADLINE_MINUTES', '0', workerConfig],
    ['VIDEO_DEADLINE_MINUTES', '-1', workerConfig],
    ['VIDEO_DEADLINE_MINUTES', '1561', workerConfig],
    ['POLL_SCHEDULE', 'fast', workerConfig],
    ['POLL_SPEED', '0', workerConfig],
    ['POLL_SPEED', 'Infinity', workerConfig],
    ['DOWNLOAD_MAX_BYTES', '1.5', workerConfig],
    ['DOWNLOAD_MAX_BYTES', '1GB', workerConfig],
    ['WORKER_QUEUES', 'submit,upload', workerConfig],
    ['STORAGE_URL', 'gs://videos', storageConfig],
    ['STORAGE_URL', 's3://', storageConfig],
    ['STORAGE_URL', 's3://Videos', storageConfig],
    ['STORAGE_URL', 's3://my-videos/../x', storageConfig],
    ['STORAGE_URL', 's3://my-videos//x', storageConfig],
    ['STORAGE_URL', 'file://host/videos', storageConfig],
    ['S3_ENDPOINT', '127.0.0.1:9000', storageConfig],
  ];

  test.each(rows)('%s=%s', (name, value, read) => {
    const message = messageOf(() => read({ ...withKey, [name]: value }));
    expect(message.startsWith(name)).toBe(true);
    expect(message).not.toContain('\n');
    expect(message).not.toContain(apiKey);
  });

  test.each([{}, { GATEWAY_API_KEY: '' }])('no API key: %j', (env) => {
    expect(messageOf(() => gatewayConfig(env))).toMatch(/^GATEWAY_API_KEY is not set/);
  });

  test('a Temporal profile that is not there', () => {
    const env = { ...noFile, TEMPORAL_PROFILE: 'production' };
    expect(messageOf(() => temporalConfig(env))).toMatch(/^The Temporal settings cannot be read: /);
  });
});

test('each part is read on its own: a status needs no gateway, a wrong queue hurts no client', () => {
  expect(() => storageConfig({ POLL_SCHEDULE: 'nonsense' })).not.toThrow();
  expect(() => temporalConfig({ ...noFile, WORKER_QUEUES: 'nonsense' })).not.toThrow();
  expect(() => workerConfig({ GATEWAY_BASE_URL: 'nonsense' })).not.toThrow();
});
