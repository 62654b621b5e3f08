import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const tool = (path: string) => join(root, 'node_modules', path);
const minutes = 60_000;
const slow = { timeout: 2 * minutes };
const packages = ['onetake', 'onetake-client'] as const;
type Package = (typeof packages)[number];

/** Both archives as users get them, each installed in a project that knows nothing of this repository. */
let folder: string;
const projectOf = (name: Package) => join(folder, `project-${name}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onetake-pack-'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: root });
  for (const name of packages) await install(name);
}, 10 * minutes);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function install(name: Package): Promise<void> {
  const project = projectOf(name);
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const args = ['install', '--no-audit', '--no-fund', await archiveOf(name)];
  await run('npm', args, { cwd: project });
}

async function archiveOf(name: Package): Promise<string> {
  const pattern = new RegExp(`^${name}-\\d.*\\.tgz$`);
  const found = (await readdir(folder)).filter((file) => pattern.test(file));
  expect(found).toHaveLength(1);
  return join(folder, found[0] ?? '');
}

async function runScript(name: Package, script: string): Promise<unknown> {
  await writeFile(join(projectOf(name), 'script.mjs'), script);
  const { stdout } = await run(process.execPath, ['script.mjs'], { cwd: projectOf(name) });
  return JSON.parse(stdout);
}

describe.each(packages)('the package %s', (name) => {
  test('exports its entries to JavaScript, and none of them loads the worker or native code', async () => {
    const script = `
      import { createVideoClient } from '${name}';
      import { failures, taskQueues } from '${name}/contract';
      import { videoService } from '${name}/nexus';
      const { sharedObjects } = process.report.getReport();
      console.log(JSON.stringify({ client: typeof createVideoClient, queue: taskQueues.submit,
        kinds: Object.keys(failures).length > 10, service: videoService.name,
        native: sharedObjects.filter((path) => path.includes('node_modules')) }));`;
    const expected = { client: 'function', queue: 'video-submit', kinds: true, service: 'video' };
    expect(await runScript(name, script)).toEqual({ ...expected, native: [] });
  });

  test('connects with its declared dependencies alone, and reports that no server answers', async () => {
    const script = `
      import { createVideoClient } from '${name}';
      const failed = await createVideoClient({ connect: { address: '127.0.0.1:9' } }).catch(({ kind }) => kind);
      console.log(JSON.stringify(failed));`;
    expect(await runScript(name, script)).toBe('temporal_unavailable');
  });

  test.each([
    ['nodenext', ['--module', 'nodenext']],
    ['bundler', ['--module', 'preserve', '--moduleResolution', 'bundler']],
  ])('has types for TypeScript, resolved as %s', slow, async (_, flags) => {
    await writeFile(join(projectOf(name), 'use.ts'), useOf(name));
    expect(await typeErrors(name, flags)).toEqual([]);
  });

  test('has no problem that publint finds', slow, async () => {
    const args = [tool('publint/src/cli.js'), 'run', await archiveOf(name), '--strict'];
    const { stdout } = await run(process.execPath, args);
    expect(stdout).toContain('All good!');
  });

  // `esm-only` leaves out what the packages do not have: a build for `require`, and entries for TypeScript's `node10`, which
  // knows no `exports`. From Node 20.19 on `require` loads ES modules.
  test('has no problem with ES modules that "are the types wrong" finds', slow, async () => {
    const cli = tool('@arethetypeswrong/cli/dist/index.js');
    const args = [cli, await archiveOf(name), '--profile', 'esm-only', '--no-definitely-typed'];
    await expect(run(process.execPath, args)).resolves.toMatchObject({ stderr: '' });
  });

  test('can be loaded with require', async () => {
    const script = `const { createVideoClient } = require('${name}'); console.log(typeof createVideoClient);`;
    await writeFile(join(projectOf(name), 'script.cjs'), script);
    const { stdout } = await run(process.execPath, ['script.cjs'], { cwd: projectOf(name) });
    expect(stdout).toBe('function\n');
  });
});

describe('the package onetake', () => {
  test('includes the storage for services, and a command that runs', async () => {
    const script = `
      import { createStorage } from 'onetake/storage';
      console.log(JSON.stringify(typeof createStorage));`;
    expect(await runScript('onetake', script)).toBe('function');
    const onetake = join(projectOf('onetake'), 'node_modules/.bin/onetake');
    const { stdout } = await run(onetake, ['sandbox', '--list'], { cwd: projectOf('onetake') });
    expect(stdout).toContain('submit-drop-after-body');
  });
});

test(
  'contains the files that the Dockerfile copies, so that the image can be built',
  slow,
  async () => {
    const harness = join(folder, 'image');
    await mkdir(harness);
    const [build = ''] = (await readFile(join(root, 'Dockerfile'), 'utf8')).split('\n\n');
    const lines = [...build.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    for (const name of lines) await cp(join(root, name), join(harness, name), { recursive: true });
    await symlink(join(root, 'node_modules'), join(harness, 'node_modules'));
    expect(build).toContain('RUN npm run build');
    await run('npm', ['run', 'build'], { cwd: harness });
    expect(await readdir(join(harness, 'dist'))).toContain('workflow-bundle-encrypting.js');
  },
);

describe('the package onetake-client', () => {
  test('installs no worker, no native code and no bundler', async () => {
    const files = await readdir(join(projectOf('onetake-client'), 'node_modules'), {
      recursive: true,
    });
    const unwanted =
      /\.node$|(^|\/)(core-bridge|worker|workflow|webpack|@swc|@aws-sdk)\/package\.json$/;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(1000);
  });

  test('has the version of onetake, and a subset of its dependencies', async () => {
    const manifest = async (path: string): Promise<Record<string, unknown>> =>
      JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    const path = 'node_modules/onetake-client/package.json';
    const client = await manifest(join(projectOf('onetake-client'), path));
    const main = await manifest(join(root, 'package.json'));
    expect(client['version']).toBe(main['version']);
    expect(main['dependencies']).toMatchObject(client['dependencies'] as object);
  });
});

function useOf(name: Package): string {
  const storage = `
    import { createStorage } from 'onetake/storage';
    export async function read(videoId: string): Promise<AsyncIterable<Uint8Array>> {
      const storage = await createStorage({ folder: '/srv/videos' });
      const client = await createVideoClient({ storage });
      return (await client.openVideo(videoId)).body;
    }`;
  return `
    import { createVideoClient, VideoClientError, type VideoOutcome } from '${name}';
    import { failures, type FailureKind, type VideoRequest } from '${name}/contract';
    import { videoFailureBehind, videoService, type GenerateVideo } from '${name}/nexus';
    ${name === 'onetake' ? storage : ''}
    const request: VideoRequest = { format: 'videos', body: { model: 'm', prompt: 'p', seconds: '4' } };
    export const input: GenerateVideo = { request, key: 'k' };
    export const advice = (kind: FailureKind): string => failures[kind].whatToDo;
    export async function make(): Promise<VideoOutcome | string> {
      const client = await createVideoClient();
      try {
        const { videoId } = await client.start(request, { key: 'k' });
        // @ts-expect-error the types are there: a number is no id
        await client.wait(4);
        return await client.wait(videoId);
      } catch (error) {
        if (error instanceof VideoClientError) return error.kind;
        return videoFailureBehind(error)?.kind ?? videoService.name;
      }
    }`;
}

/** The errors in the use of our types and in these themselves; those in the types of others are theirs. */
async function typeErrors(name: Package, flags: readonly string[]): Promise<string[]> {
  const args = [tool('typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2023', ...flags];
  const output = await run(process.execPath, [...args, 'use.ts'], { cwd: projectOf(name) }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
  return output.split('\n').filter((line) => /^(use\.ts|node_modules\/onetake)/.test(line));
}
