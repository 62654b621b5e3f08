import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** A connection to a private address was refused before it was opened. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
  readonly code = 'ERR_BLOCKED_ADDRESS';

  constructor(address: string) {
    const hint = isFakeIp(address) ? fakeIpHint : '';
    super(`Refused to connect to "${address}": it is a private, local or reserved address${hint}`);
  }
}

/** True if an IP address must not be used for an untrusted URL. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return ipv4List.check(address, 'ipv4');
  if (version !== 6) return true;
  const plain = address.split('%', 1)[0] ?? address;
  const inner = embeddedIpv4(plain);
  return inner === undefined ? ipv6List.check(plain, 'ipv6') : ipv4List.check(inner, 'ipv4');
}

/**
 * Fake-IP resolvers of proxy tools (Clash, mihomo, sing-box) return an address of this block for every name, and connect
 * by the name behind it. The block is reserved for benchmarks of network devices, so it is never a private network.
 */
const fakeIpBlock = ['198.18.0.0', 15] as const;
const fakeIpHint =
  '. Addresses of this block come from the fake-IP resolver of a proxy tool; they are allowed only if the host name of the gateway also resolves to one';

function isFakeIp(address: string): boolean {
  return isIP(address) === 4 && fakeIpList.check(address, 'ipv4');
}

/** Resolves all addresses of a name, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface GuardOptions {
  /**
   * Host name of the gateway. If it resolves to a fake IP address, this machine uses a fake-IP resolver, and fake IP
   * addresses are allowed for other names. Absent: never allowed.
   */
  gatewayHost?: string | undefined;
  resolve?: Resolve;
}

/**
 * A lookup that fails if a name resolves to a private address. Node connects to exactly the returned address, which
 * prevents DNS rebinding.
 */
export function guard({ gatewayHost, resolve = lookup }: GuardOptions = {}): LookupFunction {
  return (hostname, options, callback) => {
    const answer = (addresses: LookupAddress[]) => {
      const [first] = addresses;
      if (!first) return callback(new BlockedAddressError(hostname), '');
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    };
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const refused = addresses.find(({ address }) => isPrivateAddress(address));
      if (!refused) return answer(addresses);
      const refuse = () => callback(new BlockedAddressError(refused.address), '');
      const fake = addresses.filter(({ address }) => isFakeIp(address));
      if (gatewayHost === undefined || isIP(gatewayHost) !== 0 || fake.length === 0)
        return refuse();
      resolve(gatewayHost, { ...options, all: true }, (failed, own) => {
        const isProven = !failed && own.some(({ address }) => isFakeIp(address));
        return isProven ? answer(fake) : refuse();
      });
    });
  };
}

const blockedIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  fakeIpBlock,
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** `::/8` covers unspecified, loopback and IPv4-compatible addresses. Mapped and NAT64 addresses are checked as IPv4. */
const blockedIpv6 = [
  ['::', 8],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const;

// Two lists: in a single one, `::/8` would also match every IPv4 address, which Node treats as `::ffff:a.b.c.d`.
const ipv4List = new BlockList();
const ipv6List = new BlockList();
const fakeIpList = new BlockList();
fakeIpList.addSubnet(...fakeIpBlock, 'ipv4');
for (const [net, prefix] of blockedIpv4) ipv4List.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of blockedIpv6) ipv6List.addSubnet(net, prefix, 'ipv6');

/** The IPv4 address inside `::ffff:a.b.c.d` or `64:ff9b::a.b.c.d`, in any spelling. */
function embeddedIpv4(address: string): string | undefined {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const match = /^(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(canonical);
  if (!match) return undefined;
  const high = Number.parseInt(match[1] ?? '0', 16);
  const low = Number.parseInt(match[2] ?? '0', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
