import type { Hono } from 'hono';
import { findModel, listModels } from '../catalogue/model-object.ts';
import { formatOf, quoteVideo } from '../catalogue/quote-video.ts';
import type { ServeEnv, ServePorts } from '../ports.ts';

/** What models make, and what a request would cost. Starts nothing. */
export function catalogueRoutes(app: Hono<ServeEnv>, ports: ServePorts): void {
  app.get('/v1/models', (context) =>
    context.json({ object: 'list', data: listModels(ports.prices) }),
  );
  app.get('/v1/models/:model', (context) =>
    context.json(findModel(context.req.param('model'), ports.prices)),
  );
  app.post('/v1/quote', async (context) => {
    const format = formatOf(context.req.query('format'));
    return context.json(await quoteVideo(context.req.raw, format, ports));
  });
}
