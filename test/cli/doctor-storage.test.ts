import { expect, test } from 'vitest';
import { storageCheck } from '../../src/cli/run/doctor-checks.ts';
import { bucketAdvice } from '../../src/storage/s3/advice.ts';
import { startWireServer } from '../fakes/wire-server.ts';

/** What doctor says of a bucket whose store answers everything like this. */
async function checked(status: number, body = '') {
  const headers = { 'content-type': 'application/xml', etag: '"1"' };
  await using server = await startWireServer({ status, headers, body });
  return await storageCheck({
    STORAGE_URL: 's3://videos',
    S3_ENDPOINT: `http://127.0.0.1:${server.port}`,
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
}

function refusal(code: string, message: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

test.each([
  [403, 'InvalidAccessKeyId', 'The key you provided does not exist', 'AWS_ACCESS_KEY_ID'],
  [403, 'SignatureDoesNotMatch', 'The signature does not match', 'AWS_SECRET_ACCESS_KEY'],
  [403, 'AccessDenied', 'Access Denied', 'put, delete and list objects'],
  [404, 'NoSuchBucket', 'The specified bucket does not exist', 'STORAGE_URL'],
  [400, 'AuthorizationHeaderMalformed', "expecting 'eu-central-1'", 'AWS_REGION'],
  [403, 'SecondLevelDomainForbidden', 'Please use virtual hosted style', 'S3_ADDRESSING=virtual'],
  [501, 'NotImplemented', 'A header is not implemented', 'conditional writes'],
])(
  'doctor gives the words of a store that answers HTTP %s %s, and says what to do',
  async (status, code, message, toDo) => {
    const check = await checked(status, refusal(code, message));
    expect(check).toMatchObject({ name: 'storage', ok: false });
    expect(check.found).toContain(`${code}, HTTP ${status}, ${message}`);
    expect(check.toDo).toContain(toDo);
  },
);

test('doctor refuses a store that ignores the condition of a write, and says what to do', async () => {
  const check = await checked(200);
  expect(check).toMatchObject({ ok: false, found: expect.stringContaining('If-None-Match') });
  expect(check.toDo).toContain('conditional writes');
});

test('a host name that is not found is told apart from a store that refuses', () => {
  const cause = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
  expect(bucketAdvice(new Error('Cannot write', { cause }))).toContain('S3_ADDRESSING=path');
  expect(bucketAdvice(new Error('Cannot write'))).toBeUndefined();
});
