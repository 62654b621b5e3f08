/** What a person can do about a TLS fault, by the code of Node and OpenSSL, whose own texts name parts of a library. */
export function tlsWords(code: string | undefined, message = ''): string | undefined {
  if (code === undefined) return undefined;
  if (notTrusted.has(code)) return notTrustedWords;
  const known = words[code];
  if (known !== undefined) return known;
  if (/wrong.version.number|packet length too long|http request/i.test(`${code} ${message}`)) {
    return 'the server does not speak TLS at this port: check that the address should begin with "https:", and its port';
  }
  if (/^ERR_SSL|^EPROTO$/.test(code)) {
    return 'the TLS handshake failed: server and client have no version or cipher in common, or something between them interferes';
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
  'the certificate of the server is signed by an authority that this machine does not know, e.g. that of a company proxy: put its certificate in a file, and the path of the file in NODE_EXTRA_CA_CERTS';

const words: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED:
    'the certificate of the server has expired, or the clock of this machine is wrong',
  CERT_NOT_YET_VALID:
    'the certificate of the server is not valid yet, or the clock of this machine is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate of the server is for another host name: check the address, or what stands between',
};
