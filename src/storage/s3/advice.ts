const credentials =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN with temporary keys, as the store gave them';
const rights =
  'Give the key the rights to get, put, delete and list objects below the prefix, and to list and abort multipart uploads';
const bucket =
  'Create the bucket, or correct its name in STORAGE_URL, S3_ENDPOINT or S3_ADDRESSING';
const region = 'Set AWS_REGION to the region of the bucket, and S3_ENDPOINT to an address in it';
const conditions =
  'Use a store with conditional writes: docs/operations.md, "Object stores", lists them';

/** Advice by the store's error code. OSS, COS, OBS and versitygw have their own codes. */
const adviceByCode: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: `${credentials}; if they are correct, check the clock of this machine`,
  XAdminUserNotFound: credentials,
  ExpiredToken: credentials,
  InvalidToken: credentials,
  CredentialsProviderError: credentials,
  RequestTimeTooSkewed: 'Correct the clock of this machine',
  AccessDenied: rights,
  NoSuchBucket: bucket,
  InvalidBucketName: bucket,
  PermanentRedirect: region,
  AuthorizationHeaderMalformed: region,
  SecondLevelDomainForbidden: 'Set S3_ADDRESSING=virtual',
  PathStyleDomainForbidden: 'Set S3_ADDRESSING=virtual',
  VirtualHostDomainRequired: 'Set S3_ADDRESSING=virtual',
  ENOTFOUND:
    'Correct S3_ENDPOINT; if the unresolved host name begins with the bucket, set S3_ADDRESSING=path',
  NotImplemented: conditions,
};

/** Advice for an operator on an unusable bucket. Undefined for unknown error codes. */
export function bucketAdvice(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ConditionsIgnored) return conditions;
  const { name, code } = error as Error & { code?: string };
  return adviceByCode[code ?? ''] ?? adviceByCode[name] ?? bucketAdvice(error.cause);
}

/** The store accepts conditional writes but ignores the condition. */
export class ConditionsIgnored extends Error {}
