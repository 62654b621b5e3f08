import { batchIdPrefix } from '../../contract/batch.ts';

const reserved = 'new';

/** Address of a batch. A batch may have the name of one of our pages; then its workflow id is used. */
export function batchPath(name: string, rest = ''): string {
  return `/studio/batches/${segment(name)}${rest}`;
}

/** Address of a schedule. */
export function schedulePath(name: string, rest = ''): string {
  return `/studio/schedules/${segment(name)}${rest}`;
}

/** The name in an address, which may be a workflow id. */
export function nameOfSegment(text: string): string {
  return text.startsWith(batchIdPrefix) ? text.slice(batchIdPrefix.length) : text;
}

function segment(name: string): string {
  return encodeURIComponent(name === reserved ? batchIdPrefix + name : name);
}
