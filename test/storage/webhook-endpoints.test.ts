import { describe, expect, test } from 'vitest';
import {
  createWebhookEndpoints,
  maxEndpoints,
} from '../../src/storage/records/webhook-endpoints.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const target = { url: 'https://hooks.example.com/' };
const given = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

async function endpoints() {
  const { storage, files } = await tempStorage();
  let clock = 1_000;
  return { storage, files, records: createWebhookEndpoints({ storage, now: () => (clock += 1) }) };
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
    const again = await records.rotate(id);
    expect(again?.secrets).toEqual([again?.secrets[0], rotated?.secrets[0]]);
    expect(again?.secrets).not.toContain(given);
    expect((await records.finishRotation(id))?.secrets).toEqual(again?.secrets.slice(0, 1));
    expect((await records.get(id))?.secrets).toEqual(again?.secrets.slice(0, 1));
  });

  test('are gone after a removal, and an unknown id is nothing', async () => {
    const { records, files } = await endpoints();
    const { id } = await records.add({ tenant: null, target });
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

  test('that are damaged are reported without their content, and can be removed', async () => {
    const { records, storage } = await endpoints();
    const { id } = await records.add({ tenant: null, target });
    await storage.writeSmall(
      `webhooks/endpoints/${id}.json`,
      Buffer.from('{"secrets":["whsec_x"]'),
    );
    const reading = records.get(id);
    await expect(reading).rejects.toThrow(StorageError);
    await expect(reading).rejects.not.toThrow('whsec_');
    expect(await records.remove(id)).toBe(true);
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
