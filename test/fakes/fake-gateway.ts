import type { GatewayPrices } from '../../src/contract/price/gateway-prices.ts';
import type { JobRef } from '../../src/contract/video-job.ts';
import type { VideoFormat, VideoRequest } from '../../src/contract/video-request.ts';
import type {
  AcceptedJob,
  ExchangeOptions,
  Gateway,
  InputMedia,
  JobStatus,
  KeyBalance,
  OpenResultOptions,
  OwnJob,
  RequestLogRow,
  ResultStream,
  SubmitWindow,
} from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';

/** What one call answers: a value, an error to throw, or a function that makes either. */
export type Scripted<T> = T | Error | (() => T | Promise<T>);

/** A file as a media host sends it. */
export interface ServedFile {
  bytes: Uint8Array;
  chunkBytes?: number;
  /** Declared length; absent where the answer has none. */
  contentLength?: number;
  /** A hash in the address, perhaps the file's. */
  pathHash?: string;
  /** Thrown after the last byte. */
  breaksWith?: Error;
  /** Called before each chunk. */
  onChunk?: () => void;
}

/** Each list is used up in turn; its last entry answers again and again. */
export interface GatewayScript {
  submit?: Scripted<AcceptedJob>[];
  status?: Partial<Record<VideoFormat, Scripted<JobStatus>[]>>;
  /** By address; an address that is not here fails the call. */
  files?: Record<string, Scripted<ServedFile>>;
  /** The gateway's own task log; without it there is no access token. */
  ownJobs?: Scripted<OwnJob[]>[];
  balance?: Scripted<KeyBalance>[];
  prices?: Scripted<GatewayPrices>[];
  /** Addresses of uploaded files. */
  uploads?: Scripted<string>[];
  /** The request log of the key. */
  keyLog?: Scripted<RequestLogRow[]>[];
  /** The same of the account, for one request; without it there is no access token. */
  requests?: Scripted<RequestLogRow[]>[];
}

export interface FakeGateway extends Gateway {
  submitted: { request: VideoRequest; options: ExchangeOptions }[];
  asked: JobRef[];
  opened: string[];
  searched: SubmitWindow[];
  /** How often the balance of the key was read. */
  balanceReads: () => number;
  keyLogReads: () => number;
  uploaded: InputMedia[];
  priceReads: () => number;
  /** Request ids that were looked for. */
  lookedFor: string[];
  /** Transfers that were opened and not yet closed. */
  openTransfers: () => number;
}

export function createFakeGateway(script: GatewayScript = {}): FakeGateway {
  const submitted: FakeGateway['submitted'] = [];
  const asked: JobRef[] = [];
  const opened: string[] = [];
  const searched: SubmitWindow[] = [];
  let balanceReads = 0;
  let priceReads = 0;
  const uploaded: InputMedia[] = [];
  let keyLogReads = 0;
  const lookedFor: string[] = [];
  let open = 0;
  return {
    origin: 'https://gateway.test',
    submitted,
    asked,
    opened,
    searched,
    balanceReads: () => balanceReads,
    keyLogReads: () => keyLogReads,
    uploaded,
    priceReads: () => priceReads,
    lookedFor,
    openTransfers: () => open,
    canSearch: script.ownJobs !== undefined || script.requests !== undefined,
    submit: (request, options) => {
      submitted.push({ request, options });
      return play(inTurn(script.submit, submitted.length));
    },
    status: (job) => {
      asked.push(job);
      const count = asked.filter(({ format }) => format === job.format).length;
      return play(inTurn(script.status?.[job.format], count));
    },
    openResult: async ({ url }, options) => {
      opened.push(url);
      const file = await play(inTurn(listOf(script.files?.[url]), 1));
      open += 1;
      return streamOf(file, options, () => (open -= 1));
    },
    listModels: () => Promise.resolve([]),
    findOwnJobs: (window) => {
      searched.push(window);
      if (script.ownJobs === undefined) return Promise.reject(noAccess());
      return play(inTurn(script.ownJobs, searched.length));
    },
    readKeyLog: () => play(inTurn(script.keyLog, (keyLogReads += 1))),
    findRequest: (requestId) => {
      lookedFor.push(requestId);
      if (script.requests === undefined) return Promise.reject(noAccess());
      return play(inTurn(script.requests, lookedFor.length));
    },
    readBalance: () => play(inTurn(script.balance, (balanceReads += 1))),
    pricing: () => play(inTurn(script.prices, (priceReads += 1))),
    uploadMedia: (media) => {
      uploaded.push(media);
      return play(inTurn(script.uploads, uploaded.length));
    },
  };
}

/** A job state with the fields that every answer has. */
export function jobStatus(status: Partial<JobStatus> & Pick<JobStatus, 'state'>): JobStatus {
  return {
    rawStatus: status.state,
    noNews: false,
    resultUrls: [],
    reasonMissing: false,
    ...status,
  };
}

function noAccess(): GatewayError {
  return new GatewayError('auth', 'Cannot search the task log: no access token is configured');
}

function streamOf(file: ServedFile, options: OpenResultOptions, onClose: () => number) {
  let closed = false;
  return {
    status: 200,
    body: chunks(file, options),
    ...(file.contentLength !== undefined && { contentLength: file.contentLength }),
    ...(file.pathHash !== undefined && { finalUrlPathHash: file.pathHash }),
    acceptsRanges: false,
    close: () => {
      if (!closed) onClose();
      closed = true;
    },
  } satisfies ResultStream;
}

async function* chunks(file: ServedFile, { signal }: OpenResultOptions) {
  const { bytes, chunkBytes = 16_384, breaksWith, onChunk } = file;
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    onChunk?.();
    signal?.throwIfAborted();
    yield await Promise.resolve(bytes.subarray(start, start + chunkBytes));
  }
  if (breaksWith) throw breaksWith;
}

function listOf<T>(entry: T | undefined): T[] | undefined {
  return entry === undefined ? undefined : [entry];
}

function inTurn<T>(list: T[] | undefined, count: number): T {
  const entry = list?.[count - 1] ?? list?.at(-1);
  if (entry === undefined) throw new TypeError('The fake gateway has no answer to this call');
  return entry;
}

async function play<T>(entry: Scripted<T>): Promise<T> {
  if (entry instanceof Error) throw entry;
  return typeof entry === 'function' ? (entry as () => T | Promise<T>)() : entry;
}
