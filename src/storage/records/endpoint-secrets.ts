import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { VideoStorage } from '../video-storage.ts';

/** Of a signing secret, by Standard Webhooks, and of one that is made here. */
export const secretBytes = { min: 24, max: 64, made: 32 };
const secretPrefix = 'whsec_';

/** One or two, newest first: each webhook is signed with all of them. */
export const secretsSchema = z.array(z.string()).min(1).max(2);

const prefix = 'webhooks/secrets/';
const maxBytes = 1_000;

const changeSchema = z.object({ secrets: secretsSchema });

type Storage = Pick<VideoStorage, 'readSmall' | 'createSmall' | 'remove' | 'list'>;

/**
 * The secrets of endpoints after a rotation: one object per change, numbered from 1. The highest number counts. Objects
 * are never replaced, so that of two changes at once neither is lost, and no change restores an endpoint that is being
 * removed.
 */
export interface EndpointSecrets {
  /** Highest number by endpoint; missing without a rotation. @param idStart Of the ids to look for. */
  numbers(idStart: string): Promise<Map<string, number>>;
  /** The object, for {@link parseSecrets}. Null if the endpoint was removed. */
  read(id: string, number: number): Promise<Uint8Array | null>;
  /** False if the number is taken. */
  create(id: string, number: number, secrets: string[]): Promise<boolean>;
  /** Removes all of an endpoint. */
  remove(id: string): Promise<void>;
}

export function createEndpointSecrets(storage: Storage): EndpointSecrets {
  return {
    numbers: async (idStart) => {
      const found = new Map<string, number>();
      for await (const { key } of storage.list(prefix + idStart)) {
        const [id = '', number = ''] = key
          .slice(prefix.length)
          .replace(/\.json$/, '')
          .split('/');
        found.set(id, Math.max(found.get(id) ?? 0, Number(number)));
      }
      return found;
    },
    read: (id, number) => storage.readSmall(keyOf(id, number), maxBytes),
    create: (id, number, secrets) =>
      storage.createSmall(keyOf(id, number), Buffer.from(`${JSON.stringify({ secrets })}\n`)),
    remove: async (id) => {
      for await (const { key } of storage.list(`${prefix}${id}/`)) await storage.remove(key);
    },
  };
}

/** Throws if the object is damaged. */
export function parseSecrets(bytes: Uint8Array): string[] {
  return changeSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).secrets;
}

/** @throws {RangeError} The message does not contain the secret. */
export function checkSecret(secret: string): void {
  const base64 = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : '';
  const bytes = Buffer.from(base64, 'base64');
  const isBase64 = bytes.toString('base64') === base64;
  if (isBase64 && bytes.length >= secretBytes.min && bytes.length <= secretBytes.max) return;
  throw new RangeError(
    `The secret must be ${secretPrefix} and the Base64 of ${secretBytes.min} to ${secretBytes.max} bytes: make one with ` +
      '`openssl rand -base64 32`',
  );
}

/** A random one. */
export function newSecret(): string {
  return secretPrefix + randomBytes(secretBytes.made).toString('base64');
}

function keyOf(id: string, number: number): string {
  return `${prefix}${id}/${number}.json`;
}
