import { describe, expect, test } from 'vitest';
import type { ModelFacts } from '../../src/contract/models/model-facts.ts';
import type { ModelPage } from '../../src/cli/models/model-page.ts';
import { configureModels } from '../../src/cli/models/models.ts';
import { safeBody } from '../../src/cli/video/safe-body.ts';
import { catalogIds } from '../../src/contract/models/catalog.ts';
import { evaluateRequest } from '../../src/contract/models/evaluate-request.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { closedPort } from '../fakes/wire-server.ts';
import { runCommand } from './run-command.ts';

interface Listing {
  source: string;
  models: ModelFacts[];
  unknown: string[];
}

const models = (argv: string[], env?: Record<string, string>) =>
  runCommand(configureModels, argv, env);
const listing = async (argv: string[], env?: Record<string, string>) =>
  (await models([...argv, '--json'], env)).json as Listing;
const page = async (argv: string[], env?: Record<string, string>) =>
  (await models([...argv, '--json'], env)).json as ModelPage;

describe('onetake models without a key', () => {
  test('shows the whole catalogue, and says that it is not what the key may use', async () => {
    const { exit, stdout } = await models([]);
    expect(exit).toBe('ok');
    for (const id of catalogIds()) expect(stdout).toContain(id);
    expect(stdout).toContain('not what the API key may use: GATEWAY_API_KEY is not set');
    expect(await listing([])).toMatchObject({ source: 'catalogue', unknown: [] });
  });

  test('fits a terminal of 100 columns', async () => {
    const { stdout } = await models([]);
    const rows = stdout.split('\n').slice(0, catalogIds().length + 1);
    expect(Math.max(...rows.map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  test('finds models by words, whatever their case', async () => {
    const { models: found } = await listing(['KLING', 'turbo-']);
    expect(found.map(({ id }) => id)).toEqual([
      'kling-3.0-turbo-720p',
      'kling-3.0-turbo-1080p',
      'kling-3.0-turbo-2k',
      'kling-3.0-turbo-4k',
    ]);
  });

  test('refuses words that no model has, and names the nearest id', async () => {
    const { exit, stderr } = await models(['veo-3.2']);
    expect(exit).toBe('badInput');
    expect(stderr).toContain('did you mean "veo-3.1"');
  });

  test('gives lengths, shapes, media and prices of a model', async () => {
    expect(await page(['SD2.5 720P'])).toMatchObject({
      listed: null,
      plugins: ['xm-video'],
      seconds: { values: [], from: 4, to: 30, default: 5 },
      resolution: { values: ['720p'], default: '720p' },
      ratio: { default: 'auto' },
      media: { images: 30, videos: 10, audios: 10 },
      price: [{ resolution: null, perSecond: 0.95 }],
      prices: { from: 'catalogue', date: '2026-09-17' },
    });
    expect((await page(['veo-3.1'])).price).toContainEqual({ resolution: '4k', perSecond: 0.375 });
    expect(await page(['SD2.5'])).toMatchObject({ price: [], prices: null });
  });

  test('takes GATEWAY_PRICES before the catalogue', async () => {
    const env = { GATEWAY_PRICES: '{"veo-3.1":{"perVideo":3}}' };
    expect(await page(['veo-3.1'], env)).toMatchObject({
      price: [{ resolution: null, perVideo: 3 }],
      prices: { from: 'GATEWAY_PRICES' },
    });
  });

  test('names what callers often send and the model does not take', async () => {
    const { traps } = await page(['SD2.5 720P']);
    expect(traps).toContainEqual(
      expect.objectContaining({ sent: 'callback_url', effect: 'changed', field: 'callback_url' }),
    );
    expect(traps).toContainEqual(
      expect.objectContaining({ sent: 'metadata.duration', effect: 'dropped' }),
    );
  });
});

describe('onetake models with a key', () => {
  test('shows what the gateway lists, and names what the catalogue lacks', async () => {
    await using sandbox = await startSandboxGateway({ generation: 'plugins', groupRatio: 2 });
    const env = { GATEWAY_BASE_URL: sandbox.url, GATEWAY_API_KEY: sandbox.apiKey };
    const { source, models: found, unknown } = await listing([], env);
    const ids = found.map(({ id }) => id);
    expect(source).toBe('gateway');
    expect(ids).toContain('veo-3.1');
    expect(ids).not.toContain('SD2.0 4K');
    expect(unknown).toEqual(['wan2.2-t2v-plus']);
    expect(await page(['SD2.0 4K'], env)).toMatchObject({ listed: false });
    const live = { ...env, GATEWAY_ACCESS_TOKEN: sandbox.accessToken };
    expect((await page(['veo-3.1', '--live'], live)).price).toContainEqual({
      resolution: '720p',
      perSecond: 0.5,
    });
  });

  test('shows the catalogue where the gateway cannot be reached, and says why', async () => {
    const GATEWAY_BASE_URL = `http://127.0.0.1:${await closedPort()}`;
    const env = { GATEWAY_BASE_URL, GATEWAY_API_KEY: 'sk-test' };
    const { exit, stdout } = await models(['veo'], env);
    expect(exit).toBe('ok');
    expect(stdout).toMatch(/the catalogue, not what .*ECONNREFUSED/);
  });
});

/** The vendor chooses the shape of these, or the picture does. */
const openShape = /i2v|kf2v/;

test.each(catalogIds())('a safe body is taken as it is by all plugins of the name: %s', (model) => {
  const body = safeBody(model);
  const { refusals, warnings, makes } = evaluateRequest({ format: 'videos', body });
  expect({ refusals, warnings }).toEqual({ refusals: [], warnings: [] });
  expect(typeof makes.seconds).toBe('number');
  if (!openShape.test(model)) expect(makes.ratio).toBe('16:9');
});
