import { createVideoExample } from './examples.ts';
import type { Operation } from './operation.ts';

const catalogue: readonly Operation[] = [
  {
    method: 'get',
    path: '/v1/models',
    operationId: 'listModels',
    tag: 'Catalogue',
    summary: 'List the models of the catalogue',
    description: 'The gateway may offer your operator fewer models.',
    answers: { 200: { description: 'All models', content: { schema: 'ModelList' } } },
  },
  {
    method: 'get',
    path: '/v1/models/{model}',
    operationId: 'getModel',
    tag: 'Catalogue',
    summary: 'Show what a model makes and costs',
    parameters: ['model'],
    answers: { 200: { description: 'The model', content: { schema: 'Model' } } },
    errors: [404],
  },
  {
    method: 'post',
    path: '/v1/quote',
    operationId: 'quoteVideo',
    tag: 'Catalogue',
    summary: 'Show what a request would make and cost',
    description:
      'Takes the body of a create and starts nothing. A request that would be refused has `refusals`, and the status is still 200.',
    parameters: ['format'],
    body: { 'application/json': { schema: 'CreateVideo', example: createVideoExample } },
    answers: { 200: { description: 'The quote', content: { schema: 'Quote' } } },
    errors: [400, 408, 413, 415],
  },
];

const server: readonly Operation[] = [
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tag: 'Server',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', content: ['application/json'] } },
    isPublic: true,
  },
  {
    method: 'get',
    path: '/docs',
    operationId: 'getDocs',
    tag: 'Server',
    summary: 'This document as a page',
    answers: { 200: { description: 'A page without scripts', content: ['text/html'] } },
    isPublic: true,
  },
];

const refused = [
  ['post', '/v1/videos/{id}/remix', 'remixVideo', 'Remix a video'],
  ['post', '/v1/videos/edits', 'editVideo', 'Edit a video'],
  ['post', '/v1/videos/extensions', 'extendVideo', 'Extend a video'],
  ['post', '/v1/videos/characters', 'createCharacter', 'Store a character'],
  ['get', '/v1/videos/characters/{character}', 'getCharacter', 'Show a stored character'],
] as const;

const unsupported = refused.map(([method, path, operationId, summary]): Operation => {
  const parameter = path.includes('{id}') ? 'videoId' : 'character';
  return {
    method,
    path,
    operationId,
    tag: 'Not supported',
    summary: `${summary} (refused)`,
    description: 'Always 400 with the code `not_supported`; its message says what to do instead.',
    ...(path.includes('{') && { parameters: [parameter] }),
    answers: {},
    errors: [400],
  };
});

/** Routes beside those of videos. */
export const otherOperations: readonly Operation[] = [...catalogue, ...server, ...unsupported];
