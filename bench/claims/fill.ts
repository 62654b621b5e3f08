import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { VideoSidecar } from '../../src/contract/video-sidecar.ts';
import {
  claimEntryKey,
  claimObjectKey,
  dayIndexStartKey,
  sidecarKey,
  videoKey,
} from '../../src/identity/object-key.ts';
import type { SubmitClaim } from '../../src/storage/claims/claim.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';

const dayMs = 86_400_000;
const admissionId = 'admission/bench';
/** Objects written to a bucket in parallel. */
const writtenAtOnce = 50;

/** What a storage is filled with: paid and delivered videos, as many each day, up to now. */
export interface Filling {
  claims: number;
  days: number;
  nowMs: number;
}

/** One object, and when it was written. */
export interface FilledObject {
  key: string;
  text: string;
  atMs: number;
}

/** The objects of paid and delivered videos, as workers leave them; each file of a video has one byte. */
export function* fillingOf({ claims, days, nowMs }: Filling): Generator<FilledObject> {
  const longAgo = nowMs - 400 * dayMs;
  const text = JSON.stringify({ since: longAgo });
  for (const index of ['claims-by-month', 'changed-by-month', 'unclaimed-by-month'] as const) {
    yield { key: dayIndexStartKey(index), text, atMs: longAgo };
  }
  for (let number = 0; number < claims; number += 1) {
    const atMs = Math.round(nowMs - ((number + 0.5) / claims) * days * dayMs);
    yield* objectsOf(number, atMs);
  }
}

function* objectsOf(number: number, atMs: number): Generator<FilledObject> {
  const videoId = `video/film-${number}`;
  const claimObject = claimObjectKey(videoId);
  const key = videoKey(videoId);
  const claim = { ...claimOf(videoId, atMs), outcome: outcomeOf(number, atMs) };
  yield { key: claimEntryKey(claimObject, atMs), text: '{}\n', atMs };
  yield { key: claimObject, text: `${JSON.stringify(claim, null, 1)}\n`, atMs };
  yield { key, text: ' ', atMs };
  const sidecar = sidecarOf({ videoId, jobId: `task_${number}`, atMs });
  yield { key: sidecarKey(key), text: `${JSON.stringify(sidecar, null, 2)}\n`, atMs };
}

/** A claim before its POST. */
export function claimOf(videoId: string, atMs: number): Omit<SubmitClaim, 'outcome'> {
  return {
    claimKey: videoId,
    requestDigest: '0'.repeat(64),
    gateway: 'https://gateway.test',
    workflowId: videoId,
    runId: '01234567-89ab-cdef-0123-456789abcdef',
    format: 'videos',
    model: 'sora-2',
    claimedAt: atMs,
    admission: {
      id: admissionId,
      tags: ['launch'],
      batch: { name: 'launch', runId: '01234567-89ab-cdef-0123-456789abcdef' },
      cost: { seconds: 8, money: 0.8, currency: 'gateway' },
    },
  };
}

function outcomeOf(number: number, atMs: number): SubmitClaim['outcome'] {
  return { state: 'accepted', jobId: `task_${number}`, submittedAt: atMs };
}

function sidecarOf(of: { videoId: string; jobId: string; atMs: number }): VideoSidecar {
  const { videoId, jobId, atMs } = of;
  return {
    videoId,
    jobId,
    format: 'videos',
    model: 'sora-2',
    request: {
      format: 'videos',
      body: { model: 'sora-2', prompt: `A cat walks through the rain, take of ${videoId}` },
    },
    sha256: '0'.repeat(64),
    sizeBytes: 1,
    contentType: 'video/mp4',
    durationSeconds: 8,
    width: 1280,
    height: 720,
    hasAudio: true,
    warnings: [],
    storedAt: new Date(atMs).toISOString(),
    billed: 'yes',
  };
}

/** Writes files directly: with a sync after each, as the storage writes them, 400,000 take an hour. */
export function fillFolder(folder: string, filling: Filling): void {
  const known = new Set<string>();
  for (const { key, text, atMs } of fillingOf(filling)) {
    const path = join(folder, key);
    const parent = dirname(path);
    if (!known.has(parent)) mkdirSync(parent, { recursive: true });
    known.add(parent);
    writeFileSync(path, text);
    utimesSync(path, atMs / 1_000, atMs / 1_000);
  }
}

/** Writes objects through the storage; all of them were written now. */
export async function fillBucket(storage: VideoStorage, filling: Filling): Promise<void> {
  const all = fillingOf(filling);
  const write = async () => {
    for (const { key, text } of all) await storage.writeSmall(key, Buffer.from(text));
  };
  await Promise.all(Array.from({ length: writtenAtOnce }, write));
}
