import { readFileSync } from 'node:fs';
import { schemaComponents } from './components.ts';
import { errors, type ErrorStatus } from './errors.ts';
import { tags, type Answer, type Operation } from './operation.ts';
import { otherOperations } from './other-operations.ts';
import { headers, parameters, type ParameterName } from './parameters.ts';
import { videoOperations } from './video-operations.ts';
import { webhookOperations } from './webhook-operations.ts';

/** All documented routes. */
export const operations: readonly Operation[] = [
  ...videoOperations,
  ...webhookOperations,
  ...otherOperations,
];

/** Errors of every route that needs an API key. */
const commonErrors: readonly ErrorStatus[] = [401, 403, 429, 500, 503];

/** The OpenAPI document of the HTTP API. */
export function openApiDocument() {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const { path, method } = operation;
    paths[path] = { ...paths[path], [method]: operationObject(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'onetake',
      summary: 'Videos that are paid for once',
      description:
        'An HTTP API over durable video generation. It has the shapes of OpenAI and of new-api: point a client at it, and change nothing else. A video is submitted to the paid gateway once, ever.',
      version: version(),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The server of this document' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ apiKey: [] }],
    paths,
    components: {
      schemas: schemaComponents(),
      parameters: mapValues(parameters, (each) => ({
        ...each,
        ...(each.in === 'path' && { required: true }),
      })),
      headers,
      responses: errorResponses(),
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key of `onetake keys create`. A server without a keys file takes any',
        },
      },
    },
  };
}

/** Statuses of the errors of a route, in order. */
export function errorsOf({ errors: own = [], isPublic }: Operation): ErrorStatus[] {
  return [...own, ...(isPublic ? [] : commonErrors)].toSorted((a, b) => a - b);
}

function operationObject(operation: Operation): object {
  const { operationId, tag, summary, description, body, isBodyOptional, isPublic } = operation;
  const names: readonly ParameterName[] = [...(operation.parameters ?? []), 'requestId'];
  const failed = errorsOf(operation).map((status) => [
    status,
    { $ref: `#/components/responses/${errorNameOf(operation, status)}` },
  ]);
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    parameters: names.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ...(body && { requestBody: { required: !isBodyOptional, content: contentOf(body) } }),
    responses: { ...mapValues(operation.answers, answerObject), ...Object.fromEntries(failed) },
    ...(isPublic && { security: [] }),
  };
}

function contentOf(body: NonNullable<Operation['body']>): object {
  return mapValues(body, ({ schema, example }) => ({ schema: schemaRef(schema), example }));
}

function answerObject({ description, content, headers: named = [] }: Answer): object {
  return {
    description,
    headers: headerRefs(['x-request-id', ...named]),
    ...(content && { content: answerContent(content) }),
  };
}

function answerContent(content: NonNullable<Answer['content']>): object {
  if ('schema' in content) {
    const { schema, example } = content;
    return {
      'application/json': { schema: schemaRef(schema), ...(example !== undefined && { example }) },
    };
  }
  return Object.fromEntries(content.map((type) => [type, {}]));
}

/** The errors that a route has. Only 405 has none, because it answers what is no operation. */
function errorResponses(): object {
  const responses = operations.flatMap((operation) =>
    errorsOf(operation).map((status) => {
      const { description, codes } = errors[status];
      const words = codes.map((code) => `\`${code}\``).join(', ');
      const response = {
        description: `${description}. Code: ${words}`,
        headers: headerRefs(['x-request-id', 'retry-after', 'x-should-retry']),
        content: { 'application/json': { schema: schemaRef(errorSchemaOf(operation)) } },
      };
      return [errorNameOf(operation, status), response];
    }),
  );
  return Object.fromEntries(responses) as object;
}

function errorNameOf(operation: Operation, status: ErrorStatus): string {
  return errorSchemaOf(operation) + errors[status].name;
}

function errorSchemaOf({ tag }: Operation): 'Error' | 'GenerationError' {
  return tag === 'Generations' ? 'GenerationError' : 'Error';
}

function headerRefs(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function schemaRef(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

function mapValues<T>(values: Readonly<Record<string, T>>, map: (value: T) => object) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

function version(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
