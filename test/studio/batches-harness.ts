import { priceBook } from '../../src/contract/price/price-book.ts';
import type { RowProspect } from '../../src/contract/row-prospect.ts';
import type { ClientScript } from '../fakes/fake-client.ts';
import { createFakeBatches } from './fake-batches.ts';
import { createFakeSchedules } from './fake-schedules.ts';
import { origin, studioHarness } from './studio-harness.ts';

/** The studio on batches and schedules in memory, and a real folder. */
export async function batchesHarness({
  prospects = [],
  script = {},
  now,
}: { prospects?: RowProspect[]; script?: ClientScript; now?: () => number } = {}) {
  const batches = createFakeBatches(prospects);
  const schedules = createFakeSchedules();
  const harness = await studioHarness({
    script,
    ports: ({ videos }) => ({
      ...(now && { now }),
      prices: priceBook({ 'sora-2': { perSecond: 0.1 } }),
      videos: { ...videos, batches: batches.client, schedules: schedules.client },
    }),
  });
  /** Sends a form with a file, as a browser does. */
  const upload = (
    path: string,
    { name, text }: { name: string; text: string | Uint8Array<ArrayBuffer> },
    {
      fields = {},
      headers = {},
    }: { fields?: Record<string, string>; headers?: Record<string, string> } = {},
  ) => {
    const body = new FormData();
    for (const [field, value] of Object.entries(fields)) body.set(field, value);
    body.set('file', new File([text], name));
    return harness.app.request(`${origin}${path}`, {
      method: 'POST',
      headers: { host: '127.0.0.1:8787', origin, ...headers },
      body,
    });
  };
  return { ...harness, batches, schedules, upload };
}

/** The hidden fields of a form with this action, as a browser sends them. */
export function hiddenOf(page: string, action: string): Record<string, string> {
  const [, form = ''] =
    new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(page) ?? [];
  const inputs = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries(
    [...inputs].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
