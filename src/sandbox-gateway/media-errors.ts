import { transfer, type Answer } from './answer.ts';
import { plainError } from './errors.ts';
import type { Job } from './job.ts';

/** Response of an object store for an expired signed address. */
export function requestExpired(job: Job): Answer {
  job.urlExpired = true;
  return xml(403, 'AccessDenied', 'Request has expired');
}

/** Response of an object store for a changed query. */
export function signatureMismatch(): Answer {
  const text =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return xml(403, 'SignatureDoesNotMatch', text);
}

/** The public media answer for unknown, not ready and hidden alike. */
export function mediaNotFound(): Answer {
  return plainError(404, 'media_not_found', 'Media not found');
}

/** An object store's error document. */
export function xml(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return transfer(status, Buffer.from(body), { 'Content-Type': 'application/xml' });
}
