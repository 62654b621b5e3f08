import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { maxKeyLength, maxWaitSeconds } from '../src/serve/http/headers.ts';
import { createApp } from '../src/serve/app.ts';
import { clientErrorRows } from '../src/serve/http/error-table.ts';
import { maxLinkSeconds } from '../src/serve/links/signed-link.ts';
import { drainMs } from '../src/serve/start-server.ts';
import type { ServePorts } from '../src/serve/ports.ts';
import { statusOfPhase } from '../src/serve/videos/video-object.ts';

const text = await readFile(new URL('../docs/http.md', import.meta.url), 'utf8');

describe('docs/http.md', () => {
  test('lists exactly the routes of the server', () => {
    const { routes } = createApp({} as ServePorts);
    const real = routes.flatMap(({ method, path }) =>
      method === 'ALL' ? [] : [`${method} ${path}`],
    );
    const rows = [...text.matchAll(/^\| `([A-Z]+ \/\S+)` \|/gm)].map(([, route]) => route);
    expect(new Set(rows)).toEqual(new Set(real));
    expect(rows).toHaveLength(new Set(real).size);
  });

  test('gives each phase the status that the code gives it', () => {
    const rows = [...text.matchAll(/^\| `([a-z]+)` \| `([a-z_]+)` \|/gm)];
    expect(rows.map(([, phase, status]) => [phase, status])).toEqual(Object.entries(statusOfPhase));
  });

  test('gives each error of the client its HTTP status, code and finality', () => {
    const rows = [...text.matchAll(/^\| `([a-z_]+)` \| (\d+) \| `([a-z_]+)` \| (yes|no) \|$/gm)];
    expect(
      rows.map(([, kind, status, code, final]) => [kind, Number(status), code, final]),
    ).toEqual(
      Object.entries(clientErrorRows).map(([kind, { status, code = kind, isFinal }]) => [
        kind,
        status,
        code,
        isFinal ? 'yes' : 'no',
      ]),
    );
  });

  test('names the limits of the code', () => {
    expect(text).toContain(`(1 to ${maxKeyLength} characters)`);
    expect(text).toContain(`\`Prefer: wait=\` | ${maxWaitSeconds} s |`);
    expect(text).toContain(`at a shutdown | ${drainMs / 1_000} s |`);
    expect(maxLinkSeconds).toBe(3_600);
  });
});
