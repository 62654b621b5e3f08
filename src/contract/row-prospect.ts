/** Identifies a row: the workflow id of its video, and the digest of its request (SHA-256, hex). */
export interface RowIdentity {
  videoId: string;
  requestDigest: string;
}

/**
 * What a start of a row would do. `started`: pay for a new video. `joined`: join an open run. `cached`: return the
 * stored video. `billed`: fail, because an ended run was or may have been billed. `conflict`: fail, because the id
 * belongs to another request.
 */
export type RowProspect = 'started' | 'joined' | 'cached' | 'billed' | 'conflict';
