import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type {
  BatchActivities,
  BatchRow,
  PartitionRow,
  PreparedBatch,
} from '../../contract/batch.ts';
import { calendarDate } from '../../contract/calendar-date.ts';
import { keyProblem } from '../../contract/key-text.ts';
import { readRequest } from '../../contract/read-request.ts';
import { expandDate } from '../../manifest/rows/expand-date.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import { redigest } from '../../identity/stored-data-uris.ts';
import { createStoredImages } from '../../storage/records/stored-images.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { badBatch, checkedKey, jsonLines } from './batch-objects.ts';

/**
 * Together these limits bound the history of the partition that reads the rows. They are one payload of it, which should
 * stay below 256 KB, encrypted too.
 */
const maxPartitionRows = 200;
const maxPartitionBytes = 240 * 1024;

/** The run of a batch has 0.4 events for each row, and the server ends a run at 51,200 events. */
const maxBatchRows = 100_000;

const rowSchema = z.looseObject({
  key: z.string().min(1),
  line: z.int().positive(),
  request: z.unknown(),
  tags: z.array(z.string()),
  output: z.string().exactOptional(),
});

/** Reads a manifest row by row and writes it in partitions that fit into a workflow each. Idempotent. */
export function createPrepareBatch({
  storage,
  maxRows = maxBatchRows,
}: {
  storage: VideoStorage;
  maxRows?: number;
}): BatchActivities['prepareBatch'] {
  return async ({ manifest, folder, at, timeZone }) => {
    checkedKey(folder);
    if ((await storage.head(checkedKey(manifest))) === null) {
      throw badBatch(
        `There is no manifest "${manifest}" in the storage of this worker: it must be the one that the batch was started with`,
      );
    }
    const date = dateOf(at, timeZone);
    const partitions: PreparedBatch['partitions'] = [];
    let count = 0;
    for await (const lines of partitionLines(rows(storage, manifest, date))) {
      count += lines.length;
      if (count > maxRows) throw badBatch(tooManyRows(manifest, maxRows));
      const number = String(partitions.length + 1).padStart(4, '0');
      const key = `${folder}/part-${number}.jsonl`;
      await storage.writeSmall(key, Buffer.from(lines.join('')));
      const results = `${folder}/results-${number}.jsonl`;
      partitions.push({ rows: key, results, count: lines.length });
    }
    if (partitions.length === 0) throw badBatch(`The manifest "${manifest}" has no rows`);
    return { partitions };
  };
}

async function* rows(
  storage: VideoStorage,
  manifest: string,
  date: string,
): AsyncIterable<PartitionRow> {
  const input = Readable.from(storage.read(manifest));
  const keys = new Set<string>();
  let nth = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    nth += 1;
    if (line.trim() === '') continue;
    const place = `${manifest}:${nth}`;
    const row = await dated(parseRow(line, place), { storage, date, place });
    if (keys.has(row.key)) {
      throw badBatch(`Cannot use the manifest: ${manifest}:${nth}: key "${row.key}" appears twice`);
    }
    keys.add(row.key);
    yield { ...row, requestDigest: requestDigest(row.request) };
  }
}

async function dated(
  row: BatchRow,
  { storage, date, place }: { storage: VideoStorage; date: string; place: string },
): Promise<BatchRow> {
  const expanded = expandDate(row, date);
  try {
    const request = await redigest(expanded.request, createStoredImages({ storage }).getText);
    return { ...expanded, request };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw badBatch(`Cannot use the manifest: ${place}: ${error.message}`);
  }
}

function parseRow(line: string, place: string): BatchRow {
  const wrong = (reason: string) => badBatch(`Cannot use the manifest: ${place}: ${reason}`);
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw wrong('it is not JSON');
  }
  const parsed = rowSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`"${issue?.path.join('.') ?? 'row'}": ${issue?.message ?? 'is wrong'}`);
  }
  const read = readRequest(parsed.data.request);
  if (!read.ok) throw wrong(`"${read.field}": ${read.message}`);
  const { line: row, tags, output } = parsed.data;
  const key = parsed.data.key.normalize('NFC');
  const problem = keyProblem(key, '/');
  if (problem !== null) throw wrong(`the key ${JSON.stringify(key.slice(0, 200))} ${problem}`);
  return {
    key,
    line: row,
    request: read.request,
    tags,
    ...(output !== undefined && { output }),
  };
}

/** The lines of one partition after the other: as many as it may hold, at least one. */
async function* partitionLines(all: AsyncIterable<PartitionRow>): AsyncIterable<string[]> {
  let lines: string[] = [];
  let sizeBytes = 0;
  for await (const row of all) {
    const line = jsonLines([row]);
    const bytes = Buffer.byteLength(line);
    if (
      lines.length === maxPartitionRows ||
      (lines.length > 0 && sizeBytes + bytes > maxPartitionBytes)
    ) {
      yield lines;
      lines = [];
      sizeBytes = 0;
    }
    lines.push(line);
    sizeBytes += bytes;
  }
  if (lines.length > 0) yield lines;
}

function tooManyRows(manifest: string, maxRows: number): string {
  return `The manifest "${manifest}" has more than ${maxRows} rows; nothing was submitted. Split it into several batches`;
}

function dateOf(at: string, timeZone: string): string {
  try {
    return calendarDate(new Date(at), timeZone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw badBatch(`Cannot use time zone "${timeZone}": give an IANA name, e.g. Europe/Berlin`);
  }
}
