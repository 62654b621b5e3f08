import type { Gateway, OpenResultOptions, ResultStream } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { createBlockWriter } from './block-writer.ts';
import type { StagedVideo } from './staged-video.ts';

/** Until the head of an answer: a proxying gateway fetches from the vendor first. */
const headersTimeoutMs = 60_000;
/** Without a byte for this long a stream is dead; below the heartbeat timeout of the activity. */
const idleTimeoutMs = 45_000;
/** A transfer that breaks is opened again at once, as long as it gets on. */
const maxFruitless = 3;
/** A server that does not go on where it broke off may be asked once more for everything. */
const maxRestarts = 1;

export interface Download {
  gateway: Gateway;
  jobId: string;
  file: StagedVideo;
  /** Larger videos are refused, while streaming and by their declared length. */
  maxBytes: number;
  signal: AbortSignal;
  /** What the heartbeat tells. */
  progress: { receivedBytes: number; totalBytes?: number };
}

/** What the heads of the answers told of a file that is here to its last byte. */
export interface FetchedFile {
  /** Absent where no answer told it: then only the file itself can show that it is whole. */
  totalBytes?: number;
  /** A SHA-256 in the address: perhaps the file's. */
  pathHash?: string;
}

/**
 * Brings the bytes of one address into the staged file. Where the server honours ranges, a transfer that breaks goes on
 * from the byte where it broke, and so does one that an earlier attempt began; else it begins anew.
 *
 * @throws {GatewayError} What was received stays staged.
 * @throws {StorageError}
 */
export async function fetchVideo(download: Download, url: string): Promise<FetchedFile> {
  const { file, signal, progress } = download;
  progress.receivedBytes = file.sizeBytes;
  const budget = { fruitless: 0, restarts: 0, furthest: file.sizeBytes };
  for (;;) {
    const total = file.source?.totalBytes;
    // Kept to its last byte: an attempt ended between that and its commit.
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

/** Opens the rest of the file where it may be glued to what is there, else the whole. */
async function openFromHere(download: Download, opening: Opening): Promise<ResultStream> {
  const { file } = download;
  if (file.sizeBytes === 0 || !file.source) return openWhole(download, opening);
  const rest = { rangeStart: file.sizeBytes, ifRange: file.source.validator };
  const result = await open(download, opening.url, rest).catch(unsatisfiableAsNull);
  if (result?.status === 206 && fits(result, file)) return result;
  if (opening.budget.restarts === maxRestarts) {
    result?.close();
    throw new GatewayError('truncated', 'The server breaks off, and does not go on from there');
  }
  opening.budget.restarts += 1;
  if (result?.status === 200) return begin(download, result);
  result?.close();
  return openWhole(download, opening);
}

/** Some servers give files in ranges only: they refuse what asks for none, or answer with a part. */
async function openWhole(download: Download, { url }: Opening): Promise<ResultStream> {
  const plain = await open(download, url).catch(unsatisfiableAsNull);
  if (plain && startsFile(plain)) return begin(download, plain);
  plain?.close();
  const ranged = await open(download, url, { rangeStart: 0 });
  if (startsFile(ranged)) return begin(download, ranged);
  ranged.close();
  throw new GatewayError('gateway_unavailable', 'The server sent a part, asked for the whole');
}

/** Bytes from the first one on. Where they end before the file does, the rest is opened like one that broke off. */
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

/** 416: what is there and the file no longer fit together. */
function unsatisfiableAsNull(error: unknown): null {
  if (error instanceof GatewayError && error.httpStatus === 416) return null;
  throw error;
}

/** Only the very next byte of the very same file. */
function fits(result: ResultStream, { sizeBytes, source }: StagedVideo): boolean {
  return (
    result.rangeStart === sizeBytes &&
    strongValidator(result) === source?.validator &&
    (source?.totalBytes === undefined || result.totalBytes === source.totalBytes)
  );
}

/** A weak ETag promises the same meaning, not the same bytes. @see RFC 9110, 8.8.1 and 13.1.5 */
function strongValidator({ etag, lastModified }: ResultStream): string | undefined {
  return etag !== undefined && !/^\s*W\//i.test(etag) ? etag : lastModified;
}

async function receive(download: Download, result: ResultStream): Promise<void> {
  const { file, maxBytes, progress } = download;
  if (result.totalBytes !== undefined) progress.totalBytes = result.totalBytes;
  const writer = createBlockWriter((block) => file.write(block));
  const begunAt = file.sizeBytes;
  try {
    for await (const chunk of result.body) {
      await writer.add(chunk);
      progress.receivedBytes = begunAt + writer.takenBytes;
      checkSize(progress.receivedBytes, maxBytes);
    }
  } finally {
    // Also what came before the transfer broke: the next one goes on behind it.
    await writer.flush();
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

/** The transfer failed, which says nothing against the bytes that came. */
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
