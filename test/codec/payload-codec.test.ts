import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { parsePayloadKeys, type PayloadKey } from '../../src/codec/payload-keys.ts';

const keyText = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const key = (id: string): PayloadKey[] => parsePayloadKeys(keyText(id));
const [a, b] = [key('a'), key('b')];

const value = { prompt: 'A cat naps in the sun', images: ['data:image/png;base64,iVBORw0KGgo='] };
const plain = [defaultPayloadConverter.toPayload(value)];
const valuesOf = (payloads: Payload[]) =>
  payloads.map((payload) => defaultPayloadConverter.fromPayload(payload));
const textOf = (payloads: Payload[]) =>
  payloads.flatMap(({ metadata, data }) =>
    [...Object.entries(metadata ?? {}).flat(), data ?? ''].map((part) =>
      Buffer.from(part).toString(),
    ),
  );

describe('a payload', () => {
  test('goes there and back, and nothing of it can be read on the way', async () => {
    const codec = createPayloadCodec(a);
    const encrypted = await codec.encode(plain);
    const seen = textOf(encrypted).join(' ');
    for (const word of ['prompt', 'cat', 'images', 'json/plain']) expect(seen).not.toContain(word);
    expect(valuesOf(await codec.decode(encrypted))).toEqual([value]);
  });

  test('says how and with which key it is encrypted', async () => {
    const [encrypted] = await createPayloadCodec(a).encode(plain);
    const metadata = Object.entries(encrypted?.metadata ?? {});
    expect(metadata.map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['encoding', 'binary/encrypted'],
      ['encryption-key-id', 'a'],
    ]);
  });

  test('is never encrypted the same way twice', async () => {
    const codec = createPayloadCodec(a);
    const many = await codec.encode(Array.from({ length: 100 }, () => plain).flat());
    const nonces = many.map(({ data }) =>
      Buffer.from(data ?? [])
        .subarray(0, 12)
        .toString('hex'),
    );
    expect(new Set(nonces).size).toBe(100);
  });

  test('without data or metadata goes there and back, too', async () => {
    const codec = createPayloadCodec(a);
    const nothing = defaultPayloadConverter.toPayload(undefined);
    expect(valuesOf(await codec.decode(await codec.encode([nothing])))).toEqual([undefined]);
    expect(await codec.decode(await codec.encode([]))).toEqual([]);
  });

  test('that was never encrypted is handed on as it is', async () => {
    expect(await createPayloadCodec(a).decode(plain)).toEqual(plain);
    expect(await createPayloadCodec(a).decode([{}])).toEqual([{}]);
  });

  /** Made with the calls of Temporal's encryption sample (WebCrypto); its samples in other languages share the format. */
  test('of a service in another language is read', async () => {
    const secret = Buffer.from('test-key-test-key-test-key-test!').toString('base64');
    const sample = {
      metadata: {
        encoding: Buffer.from('binary/encrypted'),
        'encryption-key-id': Buffer.from('test-key-id'),
      },
      data: Buffer.from(
        'LAg7WmbuDfyfFJi/MrB7kS3490/t7bg4M3dauVOXO+6LNJhBqVNf2gd68KBy+ZhNP+7geKa8Xi34swL87S5wKtJn3821QqHa',
        'base64',
      ),
    };
    const codec = createPayloadCodec(parsePayloadKeys(`test-key-id:${secret}`));
    expect(valuesOf(await codec.decode([sample]))).toEqual([{ prompt: 'A cat' }]);
  });
});

describe('rotation', () => {
  test('the first key encrypts, and every key decrypts', async () => {
    const old = await createPayloadCodec(a).encode(plain);
    const both = createPayloadCodec([...b, ...a]);
    expect(valuesOf(await both.decode(old))).toEqual([value]);
    const now = await both.encode(plain);
    expect(valuesOf(await createPayloadCodec(b).decode(now))).toEqual([value]);
    await expect(createPayloadCodec(a).decode(now)).rejects.toThrow('"b"');
  });
});

describe('a payload that cannot be decrypted', () => {
  test.each([
    ['no key is set', [], 'key "a": add that key to PAYLOAD_KEYS (none is set)'],
    ['the key is not among them', b, 'key "a": add that key to PAYLOAD_KEYS (known are "b")'],
    [
      'another key has its id',
      key('a'),
      'key "a": the configured key with this id is a different one',
    ],
  ])('because %s is an error that says so', async (_, keys, message) => {
    const encrypted = await createPayloadCodec(a).encode(plain);
    const error = await createPayloadCodec(keys)
      .decode(encrypted)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'PayloadKeyError' });
    expect(String(error)).toContain(message);
  });

  test('because a single bit of it was changed is an error, wherever the bit is', async () => {
    const codec = createPayloadCodec(a);
    const [encrypted] = await codec.encode(plain);
    const data = Buffer.from(encrypted?.data ?? []);
    for (const place of [0, 11, 12, data.length - 17, data.length - 16, data.length - 1]) {
      const changed = Buffer.from(data);
      changed[place] = (changed[place] ?? 0) ^ 1;
      const forged = [{ ...encrypted, data: changed }];
      await expect(codec.decode(forged)).rejects.toThrow('is damaged');
    }
  });

  test('because it was cut is an error, and no shorter tag is taken', async () => {
    const codec = createPayloadCodec(a);
    const [encrypted] = await codec.encode(plain);
    const data = Buffer.from(encrypted?.data ?? []);
    for (const length of [0, 11, 12, 16, 27, 28, data.length - 4]) {
      const cut = [{ ...encrypted, data: data.subarray(0, length) }];
      await expect(codec.decode(cut)).rejects.toThrow('is damaged');
    }
  });
});
