// One create with one SDK and its default retries: `node create.mjs <sdk> <url>`.
const [, , sdk, url] = process.argv;
const prompt = 'a cat';

const creates = {
  openai: async () => {
    const { default: OpenAI } = await import('openai');
    const client = new OpenAI({ apiKey: 'sk-none', baseURL: `${url}/v1` });
    await client.videos.create({ model: 'sora-2', prompt });
  },
  runway: async () => {
    const { default: RunwayML } = await import('@runwayml/sdk');
    const client = new RunwayML({ apiKey: 'key_none', baseURL: url });
    const body = { model: 'veo3.1', promptText: prompt, ratio: '1280:720', duration: 4 };
    await client.textToVideo.create(body);
  },
  replicate: async () => {
    const { default: Replicate } = await import('replicate');
    const client = new Replicate({ auth: 'r8_none', baseUrl: `${url}/v1` });
    await client.predictions.create({ model: 'google/veo-3.1', input: { prompt } });
  },
  fal: async () => {
    const { createFalClient } = await import('@fal-ai/client');
    const here = (address, init) => {
      const { pathname, search } = new URL(address);
      return fetch(`${url}${pathname}${search}`, init);
    };
    const client = createFalClient({ credentials: 'none', fetch: here });
    await client.queue.submit('fal-ai/veo3.1', { input: { prompt } });
  },
};

const create = creates[sdk];
if (!create || !url) throw new RangeError('Use: node create.mjs openai|runway|replicate|fal <url>');
try {
  await create();
  process.stdout.write('accepted\n');
} catch (error) {
  process.stdout.write(`${error?.name}: ${String(error?.message).slice(0, 200)}\n`);
}
