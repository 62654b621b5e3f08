import { randomBytes } from 'node:crypto';
import { tenantVideoId } from '../../../src/identity/tenant-video.ts';
import { priceBook } from '../../../src/contract/price/price-book.ts';
import { createApp } from '../../../src/serve/app.ts';
import { createOpenStreams } from '../../../src/serve/limits/open-streams.ts';
import { createRateLimit } from '../../../src/serve/limits/rate-limit.ts';
import { openPorts } from '../../../src/serve/open-ports.ts';
import type { AccessEntry } from '../../../src/serve/ports.ts';
import type { Tenant } from '../../../src/serve/tenants/tenant.ts';
import { result } from '../../client/outcomes.ts';
import { createFakeClient, type ClientScript } from '../../fakes/fake-client.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';
import { listen, videoOf } from '../content/content-server.ts';

/** The id of the video of tenant `acme`. */
export const id = `video_${'1f'.repeat(20)}`;
const foundAs = tenantVideoId('acme', id) ?? '';
export const startMs = Date.parse('2026-11-30T10:00:00Z');

const tenants: Readonly<Record<string, Tenant>> = {
  'key-acme': { name: 'acme', keyId: 'k_1' },
  'key-other': { name: 'other', keyId: 'k_2' },
};

export interface ContentAppOptions {
  bytes?: Buffer;
  run?: ClientScript;
  publicUrl?: string;
}

/** The HTTP API over one video of tenant `acme`, on a real server that ends with the test. */
export async function contentApp(options: ContentAppOptions = {}) {
  const { bytes = Buffer.from(randomBytes(300_000)), run, publicUrl } = options;
  const { folder, storage } = await tempStorage();
  const video = { ...videoOf(bytes), uri: storage.uriOf(videoOf(bytes).key) };
  await storage.writeSmall(video.key, bytes);
  const stored = { runs: [{ status: 'COMPLETED' as const }], result: () => ({ ...result, video }) };
  const script = run ?? stored;
  const runs = Array.isArray(script.runs) ? script.runs : [];
  const { client } = createFakeClient({
    ...script,
    runs: runs.map((each) => ({ ...each, foundAs })),
  });
  const seen = { nowMs: startMs, revoked: new Set<string | null>(), log: [] as AccessEntry[] };
  const ports = await openPorts({
    temporal: client,
    storage,
    host: 'plugins',
    prices: priceBook({}),
    trustedOrigins: [],
    withoutKey: 'retries',
    streams: createOpenStreams(1),
    closing: new AbortController().signal,
    rateLimit: createRateLimit({ perSecond: 1_000, burst: 1_000 }),
    authenticate: async (key) => tenants[key ?? ''] ?? null,
    links: {
      isActive: async (keyId) => !seen.revoked.has(keyId),
      operator: async () => null,
      linkSecret: () => 'secret',
    },
    ...(publicUrl !== undefined && { publicUrl }),
    onResponse: (entry) => seen.log.push(entry),
    onError: () => {},
    now: () => seen.nowMs,
  });
  const origin = await listen(createApp(ports).fetch);
  return { seen, folder, bytes, origin, url: `${origin}/v1/videos/${id}` };
}

/** Headers of a request with an API key. */
export function withKey(key = 'key-acme', more: Record<string, string> = {}) {
  return { headers: { authorization: `Bearer ${key}`, ...more } };
}

/** A signed link of `acme`. */
export async function linkTo(
  url: string,
  body: object = {},
): Promise<{ url: string; expires_at: number }> {
  const response = await fetch(`${url}/link`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...withKey(),
  });
  return (await response.json()) as { url: string; expires_at: number };
}
