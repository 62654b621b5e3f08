import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * What the compiler says of TypeScript examples; empty where all compile. Against the sources, since the package's own
 * entries are only there after a build.
 */
export async function compileExamples(root: string, examples: string[]): Promise<string> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'onetake-examples-'));
  try {
    const paths = {
      onetake: [join(root, 'src/client.ts')],
      'onetake-client': [join(root, 'src/client.ts')],
      'onetake/contract': [join(root, 'src/contract/index.ts')],
      'onetake/nexus': [join(root, 'src/nexus/video-service.ts')],
    };
    const files = examples.map((_, nth) => `example-${nth}.mts`);
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions: { paths }, files };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, include: [] }));
    await Promise.all(examples.map((text, nth) => writeFile(join(folder, files[nth] ?? ''), text)));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const run = promisify(execFile)(process.execPath, [tsc, '-p', folder]);
    return await run.then(
      ({ stdout }) => stdout,
      (error: { stdout?: string }) => String(error.stdout),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
