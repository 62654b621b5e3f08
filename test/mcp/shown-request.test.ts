import { expect, test } from 'vitest';
import { approveInTerminal } from '../../src/cli/mcp/approve.ts';
import { createOutput } from '../../src/cli/output.ts';
import { approvePage } from '../../src/mcp/approve/approve-page.ts';
import { shownRequest } from '../../src/mcp/request/shown-request.ts';
import { dataOf, mcpHarness } from './mcp-harness.ts';
import { noon, spendingHarness } from './spending/spending-harness.ts';

const given = {
  model: 'kling-v1',
  prompt: 'A cat',
  first_frame: 'https://images.example.com/cat.png',
  metadata: { prompt: 'A dog', n: 9 },
};

/** What a person reads in the question, on the page and in the terminal. */
async function readings() {
  const { permissions, offers } = spendingHarness();
  const { connect } = await mcpHarness({ permissions });
  let question = '';
  const { call } = await connect({
    person: ({ message }) => {
      question = message;
      return { action: 'decline' };
    },
  });
  const { approval } = dataOf(await call('quote_video', given));
  const { code } = approval as { code: string };
  const offer = await offers.byCode(code);
  if (!offer) throw new Error('The quote is not stored');
  await call('generate_video', given);
  const page = String(await approvePage('en', { offer, needsKey: false, nowMs: noon }));
  const written: string[] = [];
  const stream = { write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
  const output = createOutput({ json: false, stdout: stream, stderr: stream, env: {} });
  await approveInTerminal(code, { offers, output, ask: () => Promise.resolve(false) });
  return { question, page: page.replaceAll('&quot;', '"'), terminal: written.join('') };
}

test('a person sees all fields of the request, the hosts of its addresses, and the tenant', async () => {
  for (const [where, text] of Object.entries(await readings())) {
    for (const fact of [
      '"prompt":"A dog"',
      '"n":9',
      'images.example.com',
      'first frame',
      'local',
    ]) {
      expect(text, where).toContain(fact);
    }
  }
});

test('other fields that are cut say so, and one long value does not hide the others', () => {
  const of = (body: Record<string, unknown>) => shownRequest({ body: { model: 'm', ...body } });
  expect(of({ prompt: 'A cat' })).toEqual({ fields: null, areFieldsCut: false, hosts: [] });
  const padded = of({ a: 'x'.repeat(5_000), metadata: { prompt: 'A dog' } });
  expect(padded.fields).toContain('A dog');
  expect(padded.areFieldsCut).toBe(true);
  const many = of(Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`field-${n}`, n])));
  expect(many.areFieldsCut).toBe(true);
  expect(Buffer.byteLength(many.fields ?? '')).toBeLessThanOrEqual(2_000);
});

test('data URIs are shown by their type, and all addresses by their host', () => {
  const { fields, hosts, areFieldsCut } = shownRequest({
    body: {
      model: 'm',
      image: `data:image/png;base64,${'A'.repeat(9_000)}`,
      callback_url: 'https://hooks.example.com/done',
      metadata: { images: ['http://images.example.com:8080/a.png'] },
    },
  });
  expect(fields).toContain('data:image/png, 9022 characters');
  expect(areFieldsCut).toBe(false);
  expect(hosts.toSorted()).toEqual(['hooks.example.com', 'images.example.com:8080']);
});
