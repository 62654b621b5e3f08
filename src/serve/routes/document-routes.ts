import type { Hono } from 'hono';
import { openApiDocument } from '../api/open-api.ts';
import { docsPage, docsPolicy } from '../docs/docs-page.ts';
import type { ServeEnv } from '../ports.ts';

/** The documentation. Needs no API key, because it says nothing about anybody's videos. */
export function documentRoutes(app: Hono<ServeEnv>): void {
  const document = openApiDocument();
  app.get('/openapi.json', (context) => context.json(document));
  app.get('/docs', (context) => {
    context.header('content-security-policy', docsPolicy);
    context.header('referrer-policy', 'no-referrer');
    context.header('x-content-type-options', 'nosniff');
    return context.html(docsPage(new URL(context.req.url).origin));
  });
}
