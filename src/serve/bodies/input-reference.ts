import { candidatesOf } from '../../contract/models/catalog.ts';
import { evaluatePlugin } from '../../contract/models/evaluate-plugin.ts';
import { writeMedia } from '../../contract/models/write-media.ts';
import { isObject } from '../../contract/object-in.ts';
import { storedImagePrefix } from '../../contract/video-request.ts';
import type { ApiError } from '../http/api-error.ts';
import { badBody } from './body-fault.ts';

const field = 'input_reference';

type Body = Record<string, unknown>;

/**
 * The address in OpenAI's form `{"image_url": "…"}`. Undefined for all other forms, which are sent as they are.
 *
 * @throws {ApiError} 400 for `file_id`, which names a file at OpenAI, and for an address that is none.
 */
export function openAiReference({ input_reference: given }: Body): string | undefined {
  if (!isObject(given)) return undefined;
  if (given['file_id'] !== undefined) {
    const message = 'Files at OpenAI cannot be read: send the file itself, or an image_url';
    throw badBody(message, `${field}.file_id`);
  }
  const { image_url: address, ...others } = given;
  if (address === undefined) return undefined;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw badBody(
      `Unknown field "${field}.${unknown}": it takes "image_url"`,
      `${field}.${unknown}`,
    );
  }
  if (typeof address === 'string' && /^(https?:\/\/|data:|stored-image:)/i.test(address)) {
    return address;
  }
  const message = 'Must be an address as https://…, or an image as data:image/png;base64,…';
  throw badBody(message, `${field}.image_url`);
}

/**
 * Writes the address where the model reads an image: as `input_reference` if all plugins that can serve it read that,
 * else as the evaluator of the catalogue finds best. A model that is not in the catalogue gets `input_reference`.
 *
 * @throws {ApiError} 400 if the model takes no image, or its field is given, too.
 */
export function withReference(
  body: Body,
  { model, address }: { model: string; address: string },
): Body {
  const { [field]: _, ...others } = body;
  const serving = candidatesOf(model);
  const asGiven = { [field]: address };
  if (serving.every((candidate) => readsReference({ model, ...asGiven }, candidate))) {
    return { ...others, ...asGiven };
  }
  return merged(others, place({ model, address, serving }));
}

type Serving = ReturnType<typeof candidatesOf>;

function readsReference(body: Body, candidate: Serving[number]): boolean {
  const { refused, makes } = evaluatePlugin({ ...body, prompt: 'A cat' }, candidate);
  const isUsed = makes.media.some((medium) => medium.field === field && medium.role !== 'unused');
  return refused.length === 0 && isUsed;
}

function place({ model, address, serving }: Placing): Body {
  const placed = tryPlace({ model, address, serving });
  if (placed) return placed;
  // Just before the POST, a stored image is written in the form that the model reads.
  const stored = `${storedImagePrefix}${'0'.repeat(64)}`;
  throw badBody(
    tryPlace({ model, address: stored, serving })
      ? `"${model}" reads no addresses of images: send the file, or a data URI`
      : `"${model}" takes no image as ${field}: leave it out, or choose another model`,
    field,
  );
}

interface Placing {
  model: string;
  address: string;
  serving: Serving;
}

/** Undefined if no plugin reads it. */
function tryPlace({ model, address, serving }: Placing): Body | undefined {
  try {
    const given = { images: [address] };
    return writeMedia({ model, format: 'videos' }, { serving, given, fields: {} });
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

function merged(body: Body, placed: Body): Body {
  const result = { ...body };
  for (const [name, value] of Object.entries(placed)) {
    const before = body[name];
    if (before === undefined) result[name] = value;
    else if (name === 'metadata' && isObject(before) && isObject(value)) {
      const twice = Object.keys(value).find((key) => Object.hasOwn(before, key));
      if (twice !== undefined) throw givenToo(`metadata.${twice}`);
      result[name] = { ...before, ...value };
    } else throw givenToo(name);
  }
  return result;
}

function givenToo(other: string): ApiError {
  const message = `This model reads an ${field} as "${other}", which is given, too: give only one of them`;
  return badBody(message, field);
}
