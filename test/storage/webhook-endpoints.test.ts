import { describe, expect, test } from 'vitest';
import {
  createWebhookEndpoints,
  maxEndpoints,
} from '../../src/storage/records/webhook-endpoints.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { tempStorage, withFailing } from '../fakes/temp-storage.ts';

const target = { url: 'https://hooks.example.com/' };
const given = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

async function endpoints() {
  const { storage, files } = await tempStorage();
  let clock = 1_000;
  const unreadable: string[] = [];
  const records = createWebhookEndpoints({
    storage,
    now: () => (clock += 1),
    onUnreadable: ({ message }) => unreadable.push(message),
  });
  return { storage, files, records, unreadable };
}

/** The same storage with something that happens once, right before or after the next object is written. */
function withEvent(
  storage: VideoStorage,
  place: 'before' | 'after',
  event: () => Promise<unknown>,
) {
  let isDue = true;
  const around = async <T>(write: () => Promise<T>) => {
    if (!isDue) return write();
    isDue = false;
    if (place === 'before') await event();
    const written = await write();
    if (place === 'after') await event();
    return written;
  };
  return {
    ...storage,
    createSmall: (key: string, bytes: Uint8Array) => around(() => storage.createSmall(key, bytes)),
    writeSmall: (key: string, bytes: Uint8Array) => around(() => storage.writeSmall(key, bytes)),
  };
}

describe('webhook endpoints', () => {
  test('get a random secret of 32 bytes, and are listed per owner, oldest first', async () => {
    const { records } = await endpoints();
    const one = await records.add({ tenant: 'acme', target, types: ['video.completed'] });
    const two = await records.add({ tenant: 'acme', target: { callbackHost: 'a.example' } });
    const ofOperator = await records.add({ tenant: null, target });
    expect(one.id).toMatch(/^we_[0-9a-f]{24}$/);
    expect(one.secrets).toHaveLength(1);
    expect(Buffer.from(one.secrets[0]?.slice(6) ?? '', 'base64')).toHaveLength(32);
    expect(one.secrets).not.toEqual(two.secrets);
    expect(await records.list({ tenant: 'acme' })).toEqual([one, two]);
    expect(await records.list({ tenant: null })).toEqual([ofOperator]);
    expect(await records.list({ tenant: 'other' })).toEqual([]);
    expect(await records.list()).toHaveLength(3);
    expect(await records.get(one.id)).toEqual(one);
  });

  test('sign with the new and the former secret while a rotation is open', async () => {
    const { records } = await endpoints();
    const { id } = await records.add({ tenant: null, target, secret: given });
    const rotated = await records.rotate(id);
    expect(rotated?.secrets).toEqual([rotated?.secrets[0], given]);
    expect((await records.finishRotation(id))?.secrets).toEqual(rotated?.secrets.slice(0, 1));
    const again = await records.rotate(id);
    expect(again?.secrets).toEqual([again?.secrets[0], rotated?.secrets[0]]);
  });

  test('keep the secret that the receiver may have while a rotation is not finished', async () => {
    const { records } = await endpoints();
    const { id, secrets: first } = await records.add({ tenant: null, target });
    const rotated = await records.rotate(id);
    await expect(records.rotate(id)).rejects.toThrow('not finished');
    expect((await records.get(id))?.secrets).toEqual(rotated?.secrets);
    const again = await records.rotate(id, { restart: true });
    expect(again?.secrets).toEqual([again?.secrets[0], ...first]);
    expect(again?.secrets).not.toContain(rotated?.secrets[0]);
  });

  test.each(['before', 'after'] as const)(
    'stay removed if a rotation is under way: removed right %s it writes',
    async (place) => {
      const { records, storage, files } = await endpoints();
      const { id } = await records.add({ tenant: null, target });
      const during = withEvent(storage, place, () => records.remove(id));
      expect(await createWebhookEndpoints({ storage: during }).rotate(id)).toBeNull();
      expect(await records.get(id)).toBeNull();
      expect(await files()).toEqual([]);
    },
  );

  test('are rotated once if two rotations come at once', async () => {
    const { records, storage } = await endpoints();
    const { id } = await records.add({ tenant: null, target });
    const during = withEvent(storage, 'before', () => records.rotate(id));
    const late = createWebhookEndpoints({ storage: during }).rotate(id);
    await expect(late).rejects.toThrow('not finished');
    expect((await records.get(id))?.secrets).toHaveLength(2);
    expect(await records.list()).toEqual([await records.get(id)]);
  });

  test('of one owner are listed without reading those of others', async () => {
    const { records, storage } = await endpoints();
    const ours = await records.add({ tenant: 'acme', target });
    await records.rotate((await records.add({ tenant: 'other', target })).id);
    await records.add({ tenant: null, target });
    const read: string[] = [];
    const readSmall = (key: string, maxBytes: number) => {
      read.push(key);
      return storage.readSmall(key, maxBytes);
    };
    const watched = createWebhookEndpoints({ storage: { ...storage, readSmall } });
    expect(await watched.list({ tenant: 'acme' })).toEqual([ours]);
    expect(read).toEqual([`webhooks/endpoints/${ours.id}.json`]);
  });

  test('are gone after a removal, and an unknown id is nothing', async () => {
    const { records, files } = await endpoints();
    const { id } = await records.add({ tenant: null, target });
    await records.rotate(id);
    expect(await records.remove(id)).toBe(true);
    expect(await records.remove(id)).toBe(false);
    expect(await records.get(id)).toBeNull();
    expect(await records.rotate(id)).toBeNull();
    expect(await records.finishRotation(id)).toBeNull();
    expect(await records.get('../../claims/a')).toBeNull();
    expect(await files()).toEqual([]);
  });

  test('are limited in number per tenant', async () => {
    const { records } = await endpoints();
    for (let count = 0; count < maxEndpoints; count += 1) {
      await records.add({ tenant: 'acme', target });
    }
    await expect(records.add({ tenant: 'acme', target })).rejects.toThrow(RangeError);
    await expect(records.add({ tenant: 'other', target })).resolves.toBeDefined();
  });

  test.each([
    'secret',
    'whsec_',
    'whsec_not base64 at all',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
  ])('refuse the secret "%s" without quoting it', async (secret) => {
    const { records } = await endpoints();
    const adding = records.add({ tenant: null, target, secret });
    await expect(adding).rejects.toThrow(
      /The secret must be whsec_ and the Base64 of 24 to 64 bytes/,
    );
  });

  test.each([
    ['damaged', '{"secrets":["whsec_x"]'],
    ['of a kind that only a newer version knows', '{"target":{"queue":"x"},"secrets":["whsec_x"]}'],
  ])(
    'that are %s are left out of lists, reported once without their content, and can be removed',
    async (_name, content) => {
      const { records, storage, unreadable } = await endpoints();
      const other = await records.add({ tenant: null, target });
      const { id } = await records.add({ tenant: null, target });
      await storage.remove(`webhooks/endpoints/${id}.json`);
      await storage.createSmall(`webhooks/endpoints/${id}.json`, Buffer.from(content));
      expect(await records.list()).toEqual([other]);
      expect(await records.list({ tenant: null })).toEqual([other]);
      expect(unreadable).toEqual([expect.stringContaining(id)]);
      const reading = records.get(id);
      await expect(reading).rejects.toThrow(StorageError);
      await expect(reading).rejects.not.toThrow('whsec_');
      expect(unreadable.join()).not.toContain('whsec_');
      expect(await records.remove(id)).toBe(true);
    },
  );

  test('are not left out of lists because the storage fails', async () => {
    const { records, storage } = await endpoints();
    await records.add({ tenant: null, target });
    const broken = createWebhookEndpoints({ storage: withFailing(storage, ['readSmall']) });
    await expect(broken.list()).rejects.toThrow('the disk is gone');
  });

  test('of a newer version are read without the events that this one does not know', async () => {
    const { records, storage } = await endpoints();
    const endpoint = await records.add({ tenant: null, target });
    const newer = { ...endpoint, types: ['video.completed', 'video.painted'], more: 1 };
    await storage.writeSmall(
      `webhooks/endpoints/${endpoint.id}.json`,
      Buffer.from(JSON.stringify(newer)),
    );
    expect(await records.get(endpoint.id)).toEqual({ ...endpoint, types: ['video.completed'] });
  });
});
