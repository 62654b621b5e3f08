import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const guard = new URL('../../src/dev/exit-guard.ts', import.meta.url).href;

/** Runs a program that guards one act, and says how it ended and what it printed. */
async function run(program: string) {
  const script = `import { onProcessEnd } from '${guard}';
    const release = onProcessEnd(() => process.stdout.write('acted'));
    const stayAlive = setInterval(() => {}, 1000);
    ${program}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [exitCode, signal] = await once(child, 'close');
  return { exitCode, signal, output };
}

test('the act runs when the program ends by itself', async () => {
  expect(await run('clearInterval(stayAlive);')).toMatchObject({ exitCode: 0, output: 'acted' });
});

test('the act runs at a signal nobody handles, and the program still dies of that signal', async () => {
  const ended = await run(`process.kill(process.pid, 'SIGTERM');`);
  expect(ended).toMatchObject({ signal: 'SIGTERM', output: 'acted' });
});

test('a program that handles the signal decides itself when it ends', async () => {
  const ended = await run(`process.once('SIGTERM', () => {
      process.stdout.write('drained,');
      clearInterval(stayAlive);
    });
    process.kill(process.pid, 'SIGTERM');`);
  expect(ended).toMatchObject({ exitCode: 0, output: 'drained,acted' });
});

test('a released act does not run', async () => {
  expect(await run('release(); process.exit(0);')).toMatchObject({ exitCode: 0, output: '' });
});
