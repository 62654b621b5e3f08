import { createHmac } from 'node:crypto';
import type { VideoJobEvent } from '../../../src/contract/messages.ts';
import { createGatewayHook, type HookResult } from '../../../src/worker/hooks/gateway-hook.ts';
import type { SignedCallback } from '../../../src/worker/hooks/gateway-signature.ts';

export const apiKey = 'sk-canary-hooks';
/** The moment of every callback, unless it says another. */
export const nowMs = 1_790_000_120_000;

/** The body of the host's callback, as in the wire shapes of the gateway. */
export const completed = {
  id: 'evt_task_1_completed',
  type: 'video.completed',
  created_at: 1_790_000_121,
  data: {
    task_id: 'task_1',
    model: 'veo-3.1',
    status: 'completed',
    progress: '100%',
    output_url: 'https://media.example/v.mp4?signature=secret',
    created_at: 1_790_000_000,
    completed_at: 1_790_000_120,
  },
};

export interface Signing {
  key?: string;
  /** Seconds since the epoch. */
  stamp?: number | string;
}

export function signatureOf(
  raw: string | Uint8Array,
  { key = apiKey, stamp = nowMs / 1_000 }: Signing = {},
): Record<string, string> {
  const hex = createHmac('sha256', key).update(`${stamp}.`).update(raw).digest('hex');
  return { 'x-newapi-timestamp': `${stamp}`, 'x-newapi-signature': `sha256=${hex}` };
}

/** A callback as the gateway signs it. */
export function signed(body: unknown, signing: Signing = {}): SignedCallback {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { headers: signatureOf(raw, signing), raw };
}

export interface HookSetting {
  /** Video of each job. */
  owners?: Record<string, string>;
  ownerOf?: (jobId: string) => Promise<{ videoId: string } | null>;
  wake?: () => Promise<boolean>;
}

export function hookHarness(setting: HookSetting = {}) {
  const { owners = { task_1: 'video/one' }, wake = () => Promise.resolve(true) } = setting;
  const woken: { videoId: string; event: VideoJobEvent }[] = [];
  const looked: string[] = [];
  const handle = createGatewayHook({
    apiKey,
    owners: {
      ownerOf: async (jobId) => {
        looked.push(jobId);
        if (setting.ownerOf) return setting.ownerOf(jobId);
        const videoId = owners[jobId];
        return videoId === undefined ? null : { videoId };
      },
    },
    wake: async (videoId, event) => {
      woken.push({ videoId, event });
      return wake();
    },
    now: () => nowMs,
  });
  const outcomeOf = async (callback: SignedCallback): Promise<HookResult['outcome']> =>
    (await handle(callback)).outcome;
  return { handle, outcomeOf, woken, looked };
}
