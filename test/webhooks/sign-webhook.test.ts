import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { webhookHeaders } from '../../src/webhooks/sign-webhook.ts';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const secrets = [
  secretOf('the newest secret of an endpoint'),
  secretOf('the former secret of an endpoint'),
];
const content = () => ({
  id: 'evt_1',
  timestamp: Math.floor(Date.now() / 1_000),
  body: '{"id":"evt_1","text":"café \\" 影"}',
});

test.each(secrets)(
  'a webhook verifies with each secret of the endpoint by the reference library',
  (secret) => {
    const sent = content();
    const headers = webhookHeaders(sent, secrets);
    expect(new Webhook(secret).verify(sent.body, headers)).toEqual(JSON.parse(sent.body));
  },
);

test('one changed byte of the body does not verify', () => {
  const sent = content();
  const headers = webhookHeaders(sent, secrets);
  const verify = () => new Webhook(secrets[0] ?? '').verify(sent.body.replace('1', '2'), headers);
  expect(verify).toThrow('No matching signature');
});

test('a secret of another form is refused, and the message does not contain it', () => {
  for (const secret of ['plain-secret-text', 'whsec_']) {
    const sign = () => webhookHeaders(content(), [secret]);
    expect(sign).toThrow(TypeError);
    expect(sign).not.toThrow(/plain-secret-text/);
  }
});
