import type { Answer } from './answer.ts';
import { apiError, taskError } from './errors.ts';
import { models, type Family } from './vendors/families.ts';
import { isPluginModel } from './vendors/plugin-models.ts';
import type { Exchange } from './exchange.ts';

/** Hosts from before the task plugins, and hosts with them. */
export type Generation = 'classic' | 'plugins';

/** Largest create body, as on the real gateway. */
export const bodyLimitBytes = 128 * 1024 * 1024;

/** A create body that passed routing: known model, valid types of shared fields. */
export interface CreateRequest {
  format: 'generations' | 'videos';
  family: Family;
  model: string;
  prompt: string;
  body: Record<string, unknown>;
  metadata: Record<string, unknown>;
  images: string[];
  /** Whole seconds of `duration`, otherwise of `seconds`; null if neither is valid. */
  duration: number | null;
  seconds: string | null;
  size: string | null;
}

/** Either a request or the gateway's refusal of it. */
export type Parsed = { request: CreateRequest } | { refusal: Answer };

/** Parses a create body; null if it is neither JSON nor a form. */
export function parseBody(raw: string, contentType: string): Record<string, unknown> | null {
  if (contentType.includes('x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(raw));
  }
  try {
    const value: unknown = JSON.parse(raw);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Applies routing and type rules in the gateway's order. */
export function parseCreate(
  exchange: Exchange,
  { body, generation }: { body: Record<string, unknown> | null; generation: Generation },
): Parsed {
  const refuse = (status: number, code: string, message: string): Parsed => ({
    refusal: apiError(status, { code, message, requestId: exchange.requestId }),
  });
  const contentType = exchange.headers['content-type'] ?? '';
  const multipart = contentType.includes('multipart/form-data');
  if (multipart) return refuse(400, '', 'Invalid request: Invalid request: unexpected EOF');
  if (!/json|x-www-form-urlencoded/.test(contentType)) return refuse(400, '', noModel);
  if (body === null) return refuse(400, '', invalidJson);
  const { model } = body;
  if (typeof model !== 'string' || model === '') return refuse(400, '', noModel);
  const isPlugin = generation === 'plugins' && isPluginModel(model);
  const family = isPlugin ? 'plugin' : models.get(model);
  if (family === undefined) return refuse(503, 'model_not_found', noChannel(model, exchange));
  const fault = isPlugin ? null : typeFault(body, family);
  if (fault !== null) return { refusal: fault };
  return { request: readRequest(exchange, { body, model, family }) };
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const noModel = 'Model name not specified, model name cannot be empty';
const invalidJson = 'Invalid request: Invalid request: invalid JSON request body';

/** The text of `model_not_found`, in the requested language. */
export function noChannel(model: string, exchange: Exchange): string {
  return exchange.chinese
    ? `分组 default 下模型 ${model} 无可用渠道（distributor）`
    : `No available channel for model ${model} under group default (distributor)`;
}

function typeFault(body: Record<string, unknown>, family: Family): Answer | null {
  const code = family === 'sora' || family === 'ali' ? 'invalid_json' : 'invalid_request';
  const fault = (field: string, expected: string): Answer =>
    taskError(
      400,
      code,
      `invalid type for field "Alias.${field}": expected ${expected}, got ${goType(body[field])}`,
    );
  if (body['images'] !== undefined && !Array.isArray(body['images']))
    return fault('images', 'array');
  for (const field of ['size', 'image', 'mode', 'input_reference']) {
    if (body[field] !== undefined && typeof body[field] !== 'string') return fault(field, 'string');
  }
  if (family !== 'plugin' && body['seconds'] !== undefined && typeof body['seconds'] !== 'string') {
    return fault('seconds', 'string');
  }
  if (!['undefined', 'number', 'string'].includes(typeof body['duration'])) {
    return fault('duration', 'number');
  }
  const { prompt } = body;
  const hasContent = family === 'doubao' && Array.isArray(body['content']);
  if (!hasContent && (typeof prompt !== 'string' || prompt.trim() === '')) {
    return taskError(400, 'invalid_request', 'prompt is required');
  }
  return null;
}

function readRequest(
  exchange: Exchange,
  { body, model, family }: { body: Record<string, unknown>; model: string; family: Family },
): CreateRequest {
  const images = Array.isArray(body['images']) ? body['images'].filter(isString) : [];
  const image = isString(body['image']) ? body['image'] : '';
  return {
    format: exchange.pathname.startsWith('/v1/videos') ? 'videos' : 'generations',
    family,
    model,
    prompt: isString(body['prompt']) ? body['prompt'] : '',
    body,
    metadata: readMetadata(body['metadata']),
    images: images.length === 0 && image !== '' ? [image] : images,
    duration: wholeNumber(body['duration']),
    seconds: readSeconds(body['seconds']),
    size: isString(body['size']) && body['size'] !== '' ? body['size'] : null,
  };
}

function readMetadata(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  return isString(value) ? (parseBody(value, 'application/json') ?? {}) : {};
}

function readSeconds(value: unknown): string | null {
  return typeof value === 'number' || isString(value) ? String(value) : null;
}

/** Ignores fractions silently, and accepts numeric strings. */
function wholeNumber(value: unknown): number | null {
  const number = isString(value) && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
}
