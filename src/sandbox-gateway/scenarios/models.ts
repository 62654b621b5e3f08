import { empty, html, json, type Answer } from '../answer.ts';
import { apiError, invalidUrl, wrongKey } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { modelList } from '../vendors/families.ts';
import type { ModelsScenario } from './scenario.ts';

/** Responses of the model list. */
export const modelsScenarios: readonly ModelsScenario[] = [
  {
    number: 137,
    name: 'models-list',
    phase: 'models',
    line: 'the list of models as recorded; =limited sora-2 only; =empty, =failed 200 success false, =html, =401, =404, =429, =500, =hang no response',
    variants: 'limited empty failed html 401 404 429 500 hang'.split(' '),
    answer: ({ variant, exchange }) => listOf(variant, exchange),
  },
];

function listOf(variant: string | null, { method, pathname, requestId }: Exchange): Answer | null {
  switch (variant) {
    case 'limited':
      return json(200, modelList([], ['sora-2']));
    case 'empty':
      return json(200, modelList([], []));
    case 'failed':
      return json(200, { success: false, message: 'get user group failed' });
    case 'html':
      return html(200, '<!doctype html><title>x</title>\n');
    case '401':
      return wrongKey(requestId);
    case '404':
      return invalidUrl(method, pathname);
    case '429':
      return empty(429);
    case '500':
      return apiError(500, { code: '', message: 'database is locked', requestId });
    case 'hang':
      return { kind: 'hang' };
    default:
      return null;
  }
}
