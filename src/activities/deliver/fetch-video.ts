import type { Gateway, OpenResultOptions, ResultStream } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import type { BlockPool } from './block-pool.ts';
import { createBlockWriter } from './block-writer.ts';
import type { StagedVideo } from './staged-video.ts';

/** Timeout of the response headers: a proxying gateway first downloads from the vendor. */
const headersTimeoutMs = 60_000;
/** A stream without a byte for this long is dead; below the heartbeat timeout of the activity. */
const idleTimeoutMs = 45_000;
/** An interrupted transfer is reopened at once, but only this many times in a row without new bytes. */
const maxFruitless = 3;
/** How often the whole file is requested again from a server that does not resume. */
const maxRestarts = 1;

export interface Download {
  gateway: Gateway;
  jobId: string;
  file: StagedVideo;
  /** Memory for the bytes on their way to the file. */
  blocks: BlockPool;
  /** Larger videos are refused, while streaming and by their declared length. */
  maxBytes: number;
  signal: AbortSignal;
  /** Reported in heartbeats. */
  progress: { receivedBytes: number; totalBytes?: number };
}

/** What the response headers said about a completely downloaded file. */
export interface FetchedFile {
  /** Absent if no response gave it; then only the file itself can show that it is complete. */
  totalBytes?: number;
  /** A SHA-256 in the address, possibly that of the file. */
  pathHash?: string;
}

/**
 * Downloads one address into the staged file. If the server supports ranges, an interrupted transfer resumes at the
 * next byte, and so does a transfer of an earlier attempt; otherwise it starts again.
 *
 * @throws {GatewayError} The received bytes stay staged.
 * @throws {StorageError}
 */
export async function fetchVideo(download: Download, url: string): Promise<FetchedFile> {
  const { file, signal, progress } = download;
  progress.receivedBytes = file.sizeBytes;
  const budget = { fruitless: 0, restarts: 0, furthest: file.sizeBytes };
  for (;;) {
    const total = file.source?.totalBytes;
    // The file is complete already: an earlier attempt ended between its last byte and its commit.
    if (total !== undefined && file.sizeBytes === total) return { totalBytes: total };
    const result = await openFromHere(download, { url, budget });
    try {
      await receive(download, result);
      return fetchedFile(result);
    } catch (error) {
      if (signal.aborted || !isBroken(error) || file.source === undefined) throw error;
      budget.fruitless = file.sizeBytes > budget.furthest ? 0 : budget.fruitless + 1;
      budget.furthest = Math.max(budget.furthest, file.sizeBytes);
      if (budget.fruitless === maxFruitless) throw error;
    } finally {
      result.close();
    }
  }
}

interface Opening {
  url: string;
  budget: { restarts: number };
}

/** Requests the rest of the file if it can be appended to the staged bytes, otherwise the whole file. */
async function openFromHere(download: Download, opening: Opening): Promise<ResultStream> {
  const { file } = download;
  if (file.sizeBytes === 0 || !file.source) return openWhole(download, opening);
  const rest = { rangeStart: file.sizeBytes, ifRange: file.source.validator };
  const result = await open(download, opening.url, rest).catch(unsatisfiableAsNull);
  if (result?.status === 206 && fits(result, file)) return result;
  if (opening.budget.restarts === maxRestarts) {
    result?.close();
    throw new GatewayError(
      'truncated',
      'The server interrupts the transfer and does not resume it',
    );
  }
  opening.budget.restarts += 1;
  if (result?.status === 200) return begin(download, result);
  result?.close();
  return openWhole(download, opening);
}

/** Some servers give files only in ranges: they refuse a request without a range, or answer it with a part. */
async function openWhole(download: Download, { url }: Opening): Promise<ResultStream> {
  const plain = await open(download, url).catch(unsatisfiableAsNull);
  if (plain && startsFile(plain)) return begin(download, plain);
  plain?.close();
  const ranged = await open(download, url, { rangeStart: 0 });
  if (startsFile(ranged)) return begin(download, ranged);
  ranged.close();
  throw new GatewayError(
    'gateway_unavailable',
    'The server sent a part although the whole file was requested',
  );
}

/**
 * True if the response starts at the first byte. If it ends before the file does, the rest is requested as after an
 * interruption.
 */
function startsFile({ status, rangeStart, totalBytes }: ResultStream): boolean {
  return status === 200 || (rangeStart === 0 && totalBytes !== undefined);
}

async function begin(download: Download, result: ResultStream): Promise<ResultStream> {
  try {
    checkSize(result.totalBytes ?? 0, download.maxBytes);
    const canResume = result.acceptsRanges || result.status === 206;
    const validator = canResume ? strongValidator(result) : undefined;
    const { totalBytes } = result;
    const known = totalBytes !== undefined && { totalBytes };
    await download.file.begin(
      validator === undefined ? undefined : { jobId: download.jobId, validator, ...known },
    );
    return result;
  } catch (error) {
    result.close();
    throw error;
  }
}

function open(
  { gateway, signal }: Download,
  url: string,
  range: Pick<OpenResultOptions, 'rangeStart' | 'ifRange'> = {},
): Promise<ResultStream> {
  return gateway.openResult({ url }, { signal, headersTimeoutMs, idleTimeoutMs, ...range });
}

/** 416: the staged bytes do not match the file any more. */
function unsatisfiableAsNull(error: unknown): null {
  if (error instanceof GatewayError && error.httpStatus === 416) return null;
  throw error;
}

/** True only for the next byte of the same file. */
function fits(result: ResultStream, { sizeBytes, source }: StagedVideo): boolean {
  return (
    result.rangeStart === sizeBytes &&
    strongValidator(result) === source?.validator &&
    (source?.totalBytes === undefined || result.totalBytes === source.totalBytes)
  );
}

/** A weak ETag promises equivalent content, not equal bytes. @see RFC 9110, 8.8.1 and 13.1.5 */
function strongValidator({ etag, lastModified }: ResultStream): string | undefined {
  return etag !== undefined && !/^\s*W\//i.test(etag) ? etag : lastModified;
}

async function receive(download: Download, result: ResultStream): Promise<void> {
  const { file, maxBytes, progress } = download;
  if (result.totalBytes !== undefined) progress.totalBytes = result.totalBytes;
  const begunAt = file.sizeBytes;
  const writer = createBlockWriter(download.blocks, file.stagedFile());
  try {
    for await (const chunk of result.body) {
      await writer.add(chunk);
      progress.receivedBytes = begunAt + writer.takenBytes;
      checkSize(progress.receivedBytes, maxBytes);
    }
  } finally {
    // The bytes received before an interruption are written as well: the next transfer is appended to them.
    await writer.close();
  }
  const { totalBytes } = result;
  if (totalBytes !== undefined && file.sizeBytes !== totalBytes) {
    throw new GatewayError('truncated', `Received ${file.sizeBytes} of ${totalBytes} bytes`);
  }
}

function checkSize(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes > maxBytes) {
    throw new GatewayError('too_large', `The video has more than ${maxBytes} bytes`);
  }
}

/** The transfer failed; the received bytes are still valid. */
function isBroken(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    (error.kind === 'truncated' || error.kind === 'gateway_unavailable')
  );
}

function fetchedFile({ totalBytes, finalUrlPathHash }: ResultStream): FetchedFile {
  return {
    ...(totalBytes !== undefined && { totalBytes }),
    ...(finalUrlPathHash !== undefined && { pathHash: finalUrlPathHash }),
  };
}
