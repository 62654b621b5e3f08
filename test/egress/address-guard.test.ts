import { createConnection, type LookupFunction } from 'node:net';
import { describe, expect, test } from 'vitest';
import { BlockedAddressError, guard, type Resolve } from '../../src/egress/address-guard.ts';

describe('a name is looked up once, and what was checked is what is connected', () => {
  const open4 = { address: '93.184.215.14', family: 4 };
  const private4 = { address: '10.0.0.1', family: 4 };
  const private6 = { address: '::ffff:10.0.0.1', family: 6 };

  /** What a socket would connect to; it never does. */
  function lookedUp(lookup: LookupFunction): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: 'media.example', port: 443, lookup });
      socket.once('error', reject);
      socket.once('lookup', (error: Error | null, address: string) => {
        socket.destroy();
        if (error) reject(error);
        else resolve(address);
      });
    });
  }

  test('a name that means something private the second time gains nothing', async () => {
    const answers = [[open4], [private4]];
    let asked = 0;
    const rebinding = guard({
      resolve: (_name, _options, callback) => setImmediate(callback, null, answers[asked++] ?? []),
    });
    expect(await lookedUp(rebinding)).toBe(open4.address);
    expect(asked).toBe(1);
    await expect(lookedUp(rebinding)).rejects.toBeInstanceOf(BlockedAddressError);
  });

  test.each([
    ['a private address', [private4]],
    ['a private one behind a public one', [open4, private4]],
    ['a private one in the clothes of IPv6', [open4, private6]],
    ['no address', []],
  ])('%s is refused', async (_name, addresses) => {
    const lookup = guard({
      resolve: (_host, _options, callback) => setImmediate(callback, null, addresses),
    });
    await expect(lookedUp(lookup)).rejects.toBeInstanceOf(BlockedAddressError);
  });

  describe('where a proxy tool gives every name an address of 198.18.0.0/15', () => {
    const fake = { address: '198.18.0.7', family: 4 };
    const gatewayHost = 'gateway.example';
    const resolver =
      (names: Record<string, { address: string; family: number }[]>): Resolve =>
      (name, _options, callback) =>
        setImmediate(callback, null, names[name] ?? []);

    test('a result is read, since the name of the gateway resolves to such an address, too', async () => {
      const resolve = resolver({ [gatewayHost]: [fake], 'media.example': [fake] });
      expect(await lookedUp(guard({ gatewayHost, resolve }))).toBe(fake.address);
    });

    test('the connection goes to that address only, whatever else the name resolves to', async () => {
      const resolve = resolver({ [gatewayHost]: [fake], 'media.example': [private4, fake] });
      expect(await lookedUp(guard({ gatewayHost, resolve }))).toBe(fake.address);
    });

    test.each([
      ['the gateway resolves to a public address', [open4], gatewayHost],
      ['the gateway has no address', [], gatewayHost],
      ['the setting refuses such addresses', [fake], undefined],
      ['the gateway is an address itself', [fake], '198.18.0.9'],
    ])('the result is refused, and its address is named: %s', async (_name, own, host) => {
      const resolve = resolver({ [gatewayHost]: own, 'media.example': [fake] });
      const refused = lookedUp(guard({ gatewayHost: host, resolve }));
      await expect(refused).rejects.toThrow(/"198\.18\.0\.7".*fake-IP resolver/);
    });

    test('another private address stays refused', async () => {
      const resolve = resolver({ [gatewayHost]: [fake], 'media.example': [private4] });
      await expect(lookedUp(guard({ gatewayHost, resolve }))).rejects.toThrow(private4.address);
    });
  });

  test('a name that nobody knows is no attack', async () => {
    const unknown = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    const lookup = guard({
      resolve: (_host, _options, callback) => setImmediate(callback, unknown, []),
    });
    await expect(lookedUp(lookup)).rejects.toBe(unknown);
  });
});
