import { expect, test } from 'vitest';
import { startVideo } from '../../src/client/start-video.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { createFakeClient } from '../fakes/fake-client.ts';

test('with sendAnyway a refusal becomes a warning, and the run receives the setting', async () => {
  const { client, calls } = createFakeClient({ start: ['run-1'] });
  const body = { model: 'SD2.5 720P', prompt: 'p', duration: 31, ratio: '16:9' };
  const given: VideoRequest = { format: 'videos', body };
  await expect(startVideo({ client }, given)).rejects.toMatchObject({ kind: 'invalid_request' });
  const { warnings } = await startVideo({ client }, given, { sendAnyway: true });
  expect(warnings.map(({ field }) => field)).toEqual(['duration']);
  expect(JSON.stringify(calls)).toContain('"sendAnyway":true');
});

test('a request is checked by the rules of the gateway that the client is configured for', async () => {
  const { client } = createFakeClient({ start: ['run-1'] });
  const body = { model: 'jimeng_vgfm_t2v_l20', prompt: 'p', duration: 3 };
  const given: VideoRequest = { format: 'videos', body };
  await expect(startVideo({ client }, given)).rejects.toMatchObject({ kind: 'invalid_request' });
  const { warnings } = await startVideo({ client, host: 'classic' }, given);
  expect(warnings.map(({ field }) => field)).toEqual(['duration']);
});
