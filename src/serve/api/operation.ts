import type { ParameterName } from './parameters.ts';
import type { BodyName, SchemaName } from './components.ts';
import type { ErrorStatus } from './errors.ts';

/** Groups of the documentation. */
export const tags = {
  Videos: "OpenAI's shape of videos",
  Generations: "The same videos in new-api's shape",
  Decisions: 'What onetake adds: cancel, decide, link and follow',
  Webhooks: 'Signed events that onetake sends to you',
  Catalogue: 'What models make and cost, before anything is paid',
  Server: 'This documentation. Needs no API key',
  'Not supported': 'Routes of OpenAI that are refused with 400, and what to do instead',
} as const;

/** A response that is not an error. A text stands for a body that is not JSON. */
export interface Answer {
  description: string;
  /** Content types without a schema of ours have text or bytes. */
  content?: { schema: SchemaName; example?: unknown } | readonly string[];
  headers?: readonly string[];
}

/** A route, as the documentation shows it. */
export interface Operation {
  method: 'get' | 'head' | 'post' | 'delete';
  /** Parameters in braces. */
  path: string;
  operationId: string;
  tag: keyof typeof tags;
  /** One line, without full stop. */
  summary: string;
  description?: string;
  parameters?: readonly ParameterName[];
  /** Its schemas by content type. */
  body?: Readonly<Record<string, { schema: BodyName; example: unknown }>>;
  isBodyOptional?: true;
  answers: Readonly<Record<number, Answer>>;
  /** Beside those that every route with an API key has. */
  errors?: readonly ErrorStatus[];
  /** Needs no API key. */
  isPublic?: true;
}
