import type { Context } from 'hono';
import type { RouterRoute } from 'hono/types';
import type { ServeEnv } from '../ports.ts';
import { ApiError } from './api-error.ts';
import { errorResponse } from './error-response.ts';

/**
 * The methods of the routes that a path has, for `Allow`; empty if it has no route. A route with this very path counts
 * before one with parameters, as in OpenAPI: `/v1/videos/edits` is no video.
 */
export function allowedMethods(routes: readonly RouterRoute[], path: string): string[] {
  const matching = routes.filter(
    // Middleware has the method ALL.
    (route) => route.method !== 'ALL' && patternOf(route.path).test(path),
  );
  const exact = matching.filter((route) => route.path === path);
  const methods = (exact.length > 0 ? exact : matching).map(({ method }) => method);
  // Hono answers HEAD from the route of GET.
  const all = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  return [...new Set(all)].toSorted();
}

/** The response to a method that the path does not have. */
export function wrongMethod(context: Context<ServeEnv>, methods: readonly string[]): Response {
  const allowed = methods.join(', ');
  const message = `${context.req.path} has no ${context.req.method}: it takes ${allowed}`;
  const response = errorResponse(context, new ApiError(405, 'method_not_allowed', { message }));
  response.headers.set('allow', allowed);
  return response;
}

function patternOf(route: string): RegExp {
  const parts = route.split('/').map((part) => {
    return part.startsWith(':') ? '[^/]+' : part.replaceAll('.', String.raw`\.`);
  });
  return new RegExp(`^${parts.join('/')}$`);
}
