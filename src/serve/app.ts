import { Hono } from 'hono';
import { allowedMethods, wrongMethod } from './http/allowed-methods.ts';
import { ApiError } from './http/api-error.ts';
import { authentication } from './http/authentication.ts';
import { errorResponse } from './http/error-response.ts';
import { toApiError } from './http/error-table.ts';
import { rateLimiting } from './http/rate-limiting.ts';
import { requestContext } from './http/request-context.ts';
import type { ServeEnv, ServePorts } from './ports.ts';
import { actionRoutes } from './routes/action-routes.ts';
import { contentRoutes } from './routes/content-routes.ts';
import { catalogueRoutes } from './routes/catalogue-routes.ts';
import { createRoutes } from './routes/create-routes.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { documentRoutes } from './routes/document-routes.ts';
import { unsupportedRoutes } from './routes/unsupported-routes.ts';
import { deliveryRoutes } from './routes/delivery-routes.ts';
import { webhookRoutes } from './routes/webhook-routes.ts';
import { videoRoutes } from './routes/video-routes.ts';

/** Adds routes that are no part of the HTTP API, to the same server. */
export type AddFace = (app: Hono<ServeEnv>) => void;

/** The HTTP API. It keeps no state that another server of the same namespace and storage would need. */
export function createApp(ports: ServePorts, faces: readonly AddFace[] = []): Hono<ServeEnv> {
  const app = new Hono<ServeEnv>();
  app.use(requestContext(ports));
  app.use('/v1/*', authentication(ports));
  app.use('/v1/*', rateLimiting(ports));
  unsupportedRoutes(app);
  createRoutes(app, ports);
  videoRoutes(app, ports);
  contentRoutes(app, ports);
  actionRoutes(app, ports);
  eventRoutes(app, ports);
  webhookRoutes(app, ports);
  deliveryRoutes(app, ports);
  catalogueRoutes(app, ports);
  documentRoutes(app);
  for (const addFace of faces) addFace(app);
  app.notFound((context) => {
    const methods = allowedMethods(app.routes, context.req.path);
    if (methods.length > 0) return wrongMethod(context, methods);
    const message = `There is no ${context.req.method} ${context.req.path}; see /openapi.json`;
    return errorResponse(context, new ApiError(404, 'not_found', { message }));
  });
  app.onError((error, context) => {
    if (toApiError(error).status >= 500) ports.onError(error, context.get('requestId'));
    return errorResponse(context, error);
  });
  return app;
}
