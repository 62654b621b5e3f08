import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { VideoLabels } from '../contract/admission.ts';
import type { CheckCallback } from '../contract/callback-url.ts';
import { defaultCacheMs, maxSubmitTimeoutMs } from '../contract/defaults.ts';
import { evaluateRequest, type HostGeneration } from '../contract/models/evaluate-request.ts';
import { readRequest } from '../contract/read-request.ts';
import { retakesProblem, type Retakes } from '../contract/retakes.ts';
import { readLabels } from '../contract/video-labels.ts';
import type { InputStorage, VideoReader } from '../contract/video-reader.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { maxTextChars } from '../contract/stored-inputs.ts';
import { waiterIn } from '../contract/waiter.ts';
import { imageKey, claimObjectKey, sidecarKey, videoKey } from '../identity/object-key.ts';
import { nameDataUris } from '../identity/stored-data-uris.ts';
import { requestDigest } from '../identity/request-digest.ts';
import { earlierIds, videoId, type VideoIdentity } from '../identity/workflow-id.ts';
import { demandCallback, namingRequest, takeCallbackUrl } from './callback.ts';
import { isKnown } from './describe-video.ts';
import { outcomeOfClosed } from '../runs/closed-outcome.ts';
import { startOne, startUnused, type FoundVideo, type VideoStart } from './start-one.ts';
import type { StartVideoOptions } from './start-options.ts';
import type { StartedVideo } from './video-client.ts';
import { VideoClientError } from './video-client-error.ts';

/** Dependencies of a start. `storage` is optional; see `CreateVideoClientOptions`. */
export interface StartPorts {
  client: Client;
  storage?: VideoReader | undefined;
  /** Long data URIs are written here; without it they stay in the request. */
  inputs?: InputStorage | undefined;
  host?: HostGeneration | undefined;
  checkCallback?: CheckCallback | undefined;
}

/** Implements `VideoClient.start`. */
export async function startVideo(
  ports: StartPorts,
  given: VideoRequest,
  options: StartVideoOptions = {},
): Promise<StartedVideo> {
  const { callbackUrl, ...taken } = takeCallbackUrl(given);
  const { request, store } = await readGiven(taken.request, ports);
  const labels = parseLabels(options);
  const { refusals, warnings } = evaluateRequest(request, {
    host: ports.host,
    sendAnyway: options.sendAnyway,
  });
  const [refusal] = refusals;
  if (refusal) throw invalidField({ ...refusal, field: `body.${refusal.field}` }, refusal.field);
  demandTimeLimit(options.submitTimeoutMs);
  demandRetakes(options.retakes);
  const waiterId = waiterIn(options) ?? randomUUID();
  const digest = requestDigest(request);
  const start: Start = { request, digest, options, labels, waiterId, named: request };
  if (callbackUrl !== undefined) {
    const { videoId: workflowId } = withId(start, options);
    await demandCallback(ports.checkCallback, { url: callbackUrl, workflowId });
    const former = { request, given };
    start.callbackUrl = callbackUrl;
    start.formerDigest = requestDigest(given);
    start.named = await namingRequest(ports.client, former, options);
  }
  await store();
  const { runId, outcome, ...found } = await startAsAsked(ports, start);
  return { videoId: found.videoId, runId, outcome, waiterId, warnings };
}

/** Validates the request. `store` writes its long data URIs, and is called only if the request is accepted. */
async function readGiven(
  given: VideoRequest,
  { inputs }: StartPorts,
): Promise<{ request: VideoRequest; store: () => Promise<void> }> {
  if (!inputs) return { request: parse(given), store: async () => {} };
  const { request, texts } = await nameDataUris(given);
  const tooLong = [...texts.values()].find(({ length }) => length > maxTextChars);
  if (tooLong !== undefined) {
    const message = `A data URI has ${tooLong.length} characters, more than ${maxTextChars}`;
    throw new VideoClientError('invalid_request', message);
  }
  const store = async () => {
    for (const [sha256, text] of texts) {
      await inputs.writeSmall(imageKey(sha256), Buffer.from(text));
    }
  };
  return { request: parse(request), store };
}

function demandTimeLimit(submitTimeoutMs = maxSubmitTimeoutMs): void {
  if (submitTimeoutMs > 0 && submitTimeoutMs <= maxSubmitTimeoutMs) return;
  const message = `Invalid "submitTimeoutMs": ${submitTimeoutMs} is not between 1 and ${maxSubmitTimeoutMs}`;
  throw new VideoClientError('invalid_request', message);
}

function demandRetakes(retakes?: Retakes): void {
  const problem = retakes === undefined ? null : retakesProblem(retakes);
  if (problem !== null) {
    throw new VideoClientError('invalid_request', `Invalid "retakes": ${problem}`);
  }
}

type Start = Omit<VideoStart, 'videoId'> & {
  /** What the id is derived from, unless the caller gives a key. */
  named: VideoRequest;
};

/** A video with an explicit key or take never expires: its stored file is always returned. */
function startAsAsked(ports: StartPorts, start: Start): Promise<FoundVideo> {
  const { key, take, fresh } = start.options;
  const isNamed = key !== undefined || take !== undefined;
  if (isNamed && fresh) {
    const message = '"fresh" starts the next take, so it excludes "key" and "take"';
    throw new VideoClientError('invalid_request', message);
  }
  if (isNamed) return startNamed(ports.client, start);
  return fresh ? startFresh(ports, start) : startShared(ports, start);
}

/** A run that an earlier version started under another Unicode spelling of the key is the same video. */
async function startNamed(client: Client, start: Start): Promise<FoundVideo> {
  const named = withId(start, start.options);
  const others = earlierIds(start.named, start.options);
  for (const videoId of others) {
    if (await isKnown(client, videoId)) return startOne(client, { ...named, videoId });
  }
  const decomposed = named.videoId.normalize('NFD');
  const spelledId = others.find((id) => id !== decomposed);
  return startOne(client, { ...named, ...(spelledId !== undefined && { spelledId }) });
}

/** Tries the takes in order, so concurrent callers find the same one. */
async function startShared(ports: StartPorts, start: Start): Promise<FoundVideo> {
  for (let take = 1; ; take += 1) {
    const found = await startOne(ports.client, withId(start, { take }));
    if (found.outcome !== 'cached' || (await stillAnswers(found, ports, start.options)))
      return found;
  }
}

/** Also skips takes that are in the storage, because Temporal deletes closed runs after the retention period. */
async function startFresh({ client, storage }: StartPorts, start: Start): Promise<FoundVideo> {
  const freshSince = Date.now();
  for (let take = 1; ; take += 1) {
    const next = { ...withId(start, { take }), freshSince };
    if (storage && (await isTaken(storage, next.videoId))) continue;
    const started = await startUnused(client, next);
    if (started) return started;
  }
}

/** Whether a stored video is young enough, and its file still exists. */
async function stillAnswers(
  { run }: FoundVideo,
  { client, storage }: StartPorts,
  { cacheMs = defaultCacheMs }: StartVideoOptions,
): Promise<boolean> {
  if (run?.closeTime && Date.now() - run.closeTime.getTime() > cacheMs) return false;
  if (!run || !storage) return true;
  const outcome = await outcomeOfClosed(client, run);
  return outcome.outcome !== 'stored' || (await storage.head(outcome.result.video.key)) !== null;
}

function withId(start: Start, identity: VideoIdentity): VideoStart {
  try {
    return { ...start, videoId: videoId(start.named, identity) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new VideoClientError('invalid_request', cause.message, { cause });
  }
}

function parseLabels(options: StartVideoOptions): VideoLabels {
  const read = readLabels(options);
  if (read.ok) return read.labels;
  throw invalidField(read);
}

function parse(given: VideoRequest): VideoRequest {
  const read = readRequest(given);
  if (read.ok) return read.request;
  throw invalidField(read);
}

function invalidField({ field, message }: { field: string; message: string }, shown = field) {
  return new VideoClientError('invalid_request', `"${shown}": ${message}`, { field });
}

/** Whether the storage has a claim or a video with this id. Such an id was or may have been billed. */
async function isTaken(storage: Pick<VideoReader, 'head'>, videoId: string): Promise<boolean> {
  const video = videoKey(videoId);
  const keys = [claimObjectKey(videoId), video, sidecarKey(video)];
  const heads = await Promise.all(keys.map((key) => storage.head(key)));
  return heads.some((head) => head !== null);
}
