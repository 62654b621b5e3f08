import { expect, test } from 'vitest';
import { bodySchemas, responseSchemas } from '../../../src/serve/api/components.ts';
import { errors } from '../../../src/serve/api/errors.ts';
import { openApiDocument, operations } from '../../../src/serve/api/open-api.ts';
import { parameters } from '../../../src/serve/api/parameters.ts';
import { clientErrorRows, failureRows } from '../../../src/serve/http/error-table.ts';
import { signLink } from '../../../src/serve/links/signed-link.ts';
import { plainApp } from '../plain-app.ts';

test('every route is documented, and every documented route is there', async () => {
  const { app } = await plainApp();
  const served = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  // Hono answers HEAD from the route of GET.
  const documented = operations
    .filter(({ method }) => method !== 'head')
    .map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(documented.toSorted()).toEqual([...new Set(served)].toSorted());
});

test('the document and its page need no API key', async () => {
  const { app } = await plainApp();
  const document = await app.request('/openapi.json');
  expect(document.status).toBe(200);
  expect(await document.json()).toEqual(openApiDocument());
  const page = await app.request('/docs');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
});

test('every reference of the document leads to a component', () => {
  const document = openApiDocument();
  const text = JSON.stringify(document);
  const named = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(100);
  for (const path of new Set(named)) {
    const found = path
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
    expect(found, path).toBeTypeOf('object');
  }
});

test('every example of the document has its schema', () => {
  for (const { path, body = {}, answers } of operations) {
    for (const { schema, example } of Object.values(body)) {
      expect(bodySchemas[schema].safeParse(example).error, path).toBeUndefined();
    }
    for (const { content } of Object.values(answers)) {
      if (!content || !('schema' in content) || content.example === undefined) continue;
      const { error } = responseSchemas[content.schema].safeParse(content.example);
      expect(error, path).toBeUndefined();
    }
  }
});

test('operation ids are unique, and every parameter in a path is documented', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, parameters = [] } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const known = { id: 'videoId', model: 'model', character: 'character', endpoint: 'endpoint' };
    const named = inPath.map((name) => known[name as keyof typeof known]);
    expect(parameters, path).toEqual(expect.arrayContaining(named));
  }
});

test('every code of the error tables is documented at its status', () => {
  const rows = { ...failureRows, ...clientErrorRows };
  for (const [kind, { status, code = kind }] of Object.entries(rows)) {
    const documented = errors[status as keyof typeof errors];
    expect({ status, codes: documented.codes }).toEqual({
      status,
      codes: expect.arrayContaining([code]),
    });
  }
});

test('the content documents every query parameter of a signed link', () => {
  const tenant = { name: 'acme', keyId: 'k_1' };
  const signed = signLink({ videoId: 'video_1', tenant, expiresAtSeconds: 1 }, 'secret');
  for (const operationId of ['getVideoContent', 'headVideoContent']) {
    const operation = operations.find((each) => each.operationId === operationId);
    const documented = (operation?.parameters ?? []).map((name) => parameters[name].name);
    expect(documented, operationId).toEqual(expect.arrayContaining(Object.keys(signed)));
  }
});
