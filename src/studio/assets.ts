import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Hono } from 'hono';
import type { StudioEnv } from './ports.ts';

const require = createRequire(import.meta.url);

const files = {
  'studio.css': { type: 'text/css; charset=utf-8', from: './assets/studio.css' },
  'studio.js': { type: 'text/javascript; charset=utf-8', from: './assets/studio.js' },
  'live.js': { type: 'text/javascript; charset=utf-8', from: './assets/live.js' },
  'icon.svg': { type: 'image/svg+xml', from: './assets/icon.svg' },
  'idiomorph.js': {
    type: 'text/javascript; charset=utf-8',
    from: pathToFileURL(require.resolve('idiomorph/dist/idiomorph.esm.js')),
  },
} as const;
/** Files that pages and other files refer to. */
export type AssetName = keyof typeof files;

const assets = new Map(
  Object.entries(files).map(([name, { type, from }]) => {
    const bytes = readFileSync(new URL(from, import.meta.url));
    return [name, { bytes, type }];
  }),
);

const versionLength = 12;
/** Part of all addresses, so that a browser never uses a file of another version. */
const version = [...assets.values()]
  .reduce((hash, { bytes }) => hash.update(bytes), createHash('sha256'))
  .digest('hex')
  .slice(0, versionLength);

/** Address of a file. */
export function assetPath(name: AssetName): string {
  return `/studio/assets/${version}/${name}`;
}

/** Serves the files. They are the same for everybody, so they need no login. */
export function assetRoutes(app: Hono<StudioEnv>): void {
  app.get('/assets/:version/:name', (context) => {
    const found = assets.get(context.req.param('name'));
    if (!found || context.req.param('version') !== version) return context.notFound();
    return context.body(new Uint8Array(found.bytes), 200, {
      'content-type': found.type,
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });
}
