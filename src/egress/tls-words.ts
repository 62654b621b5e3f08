/** Advice on a TLS error, by its code. The texts of Node and OpenSSL are hard to act on. */
export function tlsWords(code: string | undefined, message = ''): string | undefined {
  if (code === undefined) return undefined;
  if (notTrusted.has(code)) return notTrustedWords;
  const known = words[code];
  if (known !== undefined) return known;
  if (/wrong.version.number|packet length too long|http request/i.test(`${code} ${message}`)) {
    return 'the server does not speak TLS on this port: check the port, and whether the URL should start with "https:"';
  }
  if (/^ERR_SSL|^EPROTO$/.test(code)) {
    return 'the TLS handshake failed: server and client share no version or cipher, or a device between them interferes';
  }
  return undefined;
}

const notTrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

const notTrustedWords =
  'the certificate of the server is signed by an unknown authority, e.g. that of a company proxy: save the certificate of the authority in a file, and set NODE_EXTRA_CA_CERTS to its path';

const words: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED:
    'the certificate of the server has expired, or the clock of this machine is wrong',
  CERT_NOT_YET_VALID:
    'the certificate of the server is not valid yet, or the clock of this machine is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate of the server is for another host name: check the URL, and any proxy in between',
};
