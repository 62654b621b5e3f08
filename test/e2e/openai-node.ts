import OpenAI, { type ClientOptions } from 'openai';
import { until } from './harness.ts';

/** openai-node with its own defaults: three attempts. A server without a keys file takes any API key. */
export function openAi(origin: string, options: ClientOptions = {}): OpenAI {
  return new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'sk-any', ...options });
}

/** The response object, with the fields that openai-node has no types for. */
export type Video = OpenAI.Videos.Video & {
  onetake: { phase: string; billed: string; outcome?: string; file: { sha256: string } | null };
};

/** openai-node has no helper that polls. */
export function untilEnded(client: OpenAI, id: string): Promise<Video> {
  return until(`the end of ${id}`, async () => {
    const video = (await client.videos.retrieve(id)) as Video;
    return video.status !== 'queued' && video.status !== 'in_progress' && video;
  });
}

/** All videos of the tenant with this prompt, newest first, page by page. */
export async function videosOf(client: OpenAI, prompt: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const video of client.videos.list({ limit: 10 })) {
    if (video.prompt === prompt) ids.push(video.id);
  }
  return ids;
}

/** The smallest PNG: one transparent pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
