const credentials =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN with temporary keys, as the store gave them';
const rights =
  'Give the key the rights to get, put, delete and list objects below the prefix, and to list and abort multipart uploads';
const bucket =
  'Create the bucket, or correct its name in STORAGE_URL, S3_ENDPOINT or S3_ADDRESSING';
const region = 'Set AWS_REGION to the region of the bucket, and S3_ENDPOINT to an address in it';
const conditions =
  'Take a store with conditional writes: docs/operations.md, "Object stores", says which have them';

/** What to do, by the code of the store's answer; OSS, COS, OBS and versitygw have codes of their own. */
const adviceByCode: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: `${credentials}; if they are right, look at the clock of this machine`,
  XAdminUserNotFound: credentials,
  ExpiredToken: credentials,
  InvalidToken: credentials,
  CredentialsProviderError: credentials,
  RequestTimeTooSkewed: 'Set the clock of this machine',
  AccessDenied: rights,
  NoSuchBucket: bucket,
  InvalidBucketName: bucket,
  PermanentRedirect: region,
  AuthorizationHeaderMalformed: region,
  SecondLevelDomainForbidden: 'Set S3_ADDRESSING=virtual',
  PathStyleDomainForbidden: 'Set S3_ADDRESSING=virtual',
  VirtualHostDomainRequired: 'Set S3_ADDRESSING=virtual',
  ENOTFOUND:
    'Correct S3_ENDPOINT; where the name that was not found begins with the bucket, set S3_ADDRESSING=path',
  NotImplemented: conditions,
};

/** What a person does about a bucket that cannot be used; undefined where the answer of the store is no known one. */
export function bucketAdvice(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ConditionsIgnored) return conditions;
  const { name, code } = error as Error & { code?: string };
  return adviceByCode[code ?? ''] ?? adviceByCode[name] ?? bucketAdvice(error.cause);
}

/** The store takes conditional writes and does not look at the condition. */
export class ConditionsIgnored extends Error {}
