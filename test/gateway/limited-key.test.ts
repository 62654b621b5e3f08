import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startWireServer } from '../fakes/wire-server.ts';

test('a model outside of the limits of the key is refused as not enabled for the key', async () => {
  const message = 'This token has no access to model kling-v1';
  const body = JSON.stringify({ error: { code: '', message, type: 'new_api_error' } });
  await using server = await startWireServer({ status: 403, body });
  const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
  const request = { format: 'videos', body: { model: 'kling-v1', prompt: 'a cat' } } as const;

  const submit = gateway.submit(request, { timeoutMs: 5_000 });

  await expect(submit).rejects.toMatchObject({
    kind: 'invalid_request',
    submitOutcome: 'refused',
    billed: 'no',
    message: `Cannot submit the video for model "kling-v1": the model is not enabled for this API key; the response was 403, "${message}"`,
  });
});
