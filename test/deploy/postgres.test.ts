import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { postgresFolder } from '../../deploy/postgres/postgresql.ts';
import { temporalBinaries, temporalModule } from '../../deploy/postgres/temporal-binaries.ts';
import { tempFolder } from '../dev/temp-folder.ts';

/** The programs that a PostgreSQL needs, in one folder. */
async function postgres(folder: string): Promise<string> {
  for (const name of ['initdb', 'postgres', 'pg_isready']) await program(join(folder, name));
  return folder;
}

async function program(path: string, script = ''): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('PostgreSQL', () => {
  test('on PATH comes before the ones of Debian, of which the newest wins', async () => {
    const folder = await tempFolder();
    const debian = join(folder, 'debian');
    for (const version of ['9', '15', '17']) await postgres(join(debian, version, 'bin'));
    const onPath = await postgres(join(folder, 'path'));
    expect(await postgresFolder({ env: { PATH: onPath }, debian })).toBe(onPath);
    expect(await postgresFolder({ env: { PATH: '' }, debian })).toBe(join(debian, '17/bin'));
  });

  test('of which PATH has a part only, say a link to the server, is looked for elsewhere', async () => {
    const folder = await tempFolder();
    const link = dirname(await program(join(folder, 'path/postgres')));
    const whole = await postgres(join(folder, 'debian/15/bin'));
    const debian = join(folder, 'debian');
    expect(await postgresFolder({ env: { PATH: link }, debian })).toBe(whole);
  });

  test('that is not there is an error that says how to install it', async () => {
    const debian = await tempFolder();
    const wanted = postgresFolder({ env: { PATH: debian }, debian });
    await expect(wanted).rejects.toThrow(/apt-get install .*postgresql/);
  });
});

describe('the Temporal server', () => {
  /** A `go` that serves a module of this hash, and "builds" whatever it is asked for. */
  async function place(sum: string) {
    const folder = await tempFolder();
    const go = `
      case "$1" in
        mod) echo '{ "Sum": "${sum}" }' ;;
        install) name=\${2##*/}; echo "$2" > "$GOBIN/\${name%@*}" ;;
      esac`;
    await program(join(folder, 'bin/go'), go);
    const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
    const progress: string[] = [];
    const onProgress = (line: string) => void progress.push(line);
    return { cacheDir: join(folder, 'cache'), env, onProgress, progress };
  }

  test('is built once, in its pinned version', async () => {
    const there = await place(temporalModule.sum);
    const built = await temporalBinaries(there);
    expect(built.server).toContain(temporalModule.version);
    expect(there.progress).toHaveLength(2);
    expect(await temporalBinaries(there)).toEqual(built);
    expect(there.progress).toHaveLength(2);
  });

  test('is not built from a module of another hash', async () => {
    const there = await place('h1:another');
    await expect(temporalBinaries(there)).rejects.toThrow('its hash is "h1:another"');
    expect(there.progress).toEqual([]);
  });

  test('cannot be built without Go, and says where Go comes from', async () => {
    const there = await place(temporalModule.sum);
    const env = { PATH: there.cacheDir };
    await expect(temporalBinaries({ ...there, env })).rejects.toThrow('https://go.dev/dl/');
  });
});
