import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { leaveDevSettings } from '../../src/cli/run/dev-settings.ts';
import { loadEnv } from '../../src/cli/load-env.ts';
import { tempFolder } from '../dev/temp-folder.ts';

const left = { TEMPORAL_ADDRESS: '127.0.0.1:7233', GATEWAY_API_KEY: 'sk-sandbox' };

async function folderWith(dotEnv?: string): Promise<string> {
  const folder = await tempFolder();
  if (dotEnv !== undefined) await writeFile(join(folder, '.env'), dotEnv);
  return folder;
}

describe('the settings of a command', () => {
  test('are those of the environment where the folder has none', async () => {
    expect(loadEnv(await folderWith(), { A: '1' })).toEqual({ A: '1' });
  });

  test('come from .env, under the variables that are set', async () => {
    const folder = await folderWith('A=1\nB=2\n');
    expect(loadEnv(folder, { B: '3' })).toEqual({ A: '1', B: '3' });
  });
});

describe('while onetake dev runs in the folder', () => {
  test('its settings win over .env, and variables that are set win over both', async () => {
    const folder = await folderWith('GATEWAY_API_KEY=sk-real\nA=1\n');
    const takeAway = await leaveDevSettings(folder, left);
    onTestFinished(takeAway);
    expect(loadEnv(folder, {}, 'doctor')).toEqual({ ...left, A: '1' });
    expect(loadEnv(folder, { GATEWAY_API_KEY: 'sk-mine' }, 'doctor')['GATEWAY_API_KEY']).toBe(
      'sk-mine',
    );
  });

  test.each(['worker', 'dev', 'demo', 'sandbox'])('%s keeps the settings of .env', async (name) => {
    const folder = await folderWith('GATEWAY_API_KEY=sk-real\n');
    onTestFinished(await leaveDevSettings(folder, left));
    expect(loadEnv(folder, {}, name)).toEqual({ GATEWAY_API_KEY: 'sk-real' });
  });
});

test('serve gets the settings of onetake dev without the port that its worker listens on', async () => {
  const folder = await folderWith();
  onTestFinished(await leaveDevSettings(folder, { ...left, METRICS_PORT: '9464' }));
  expect(loadEnv(folder, {}, 'stats')).toHaveProperty('METRICS_PORT', '9464');
  expect(loadEnv(folder, {}, 'serve')).toEqual(left);
});

describe('once onetake dev has ended', () => {
  test('its settings are gone', async () => {
    const folder = await folderWith();
    await (
      await leaveDevSettings(folder, left)
    )();
    expect(loadEnv(folder, {}, 'doctor')).toEqual({});
  });

  test('a file that a killed one left says nothing', async () => {
    const folder = await folderWith();
    const { pid } = spawnSync(process.execPath, ['--version']);
    await mkdir(join(folder, '.onetake'));
    const text = JSON.stringify({ pid, settings: left });
    await writeFile(join(folder, '.onetake', 'dev.json'), text);
    expect(loadEnv(folder, {}, 'doctor')).toEqual({});
  });
});
