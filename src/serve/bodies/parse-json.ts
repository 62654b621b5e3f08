import { jsonFault } from '../../contract/json-fault.ts';
import { isObject } from '../../contract/object-in.ts';
import { badBody, isPrototypeName } from './body-fault.ts';

/**
 * Parses JSON without a silent change: a name that is given twice, a name of a prototype, and a number that JavaScript
 * would round are refused.
 *
 * @throws {ApiError} 400
 */
export function parseStrictJson(text: string): unknown {
  const value = parse(text);
  const fault = jsonFault(value);
  const field = fault?.path.join('.') ?? '';
  if (fault) throw badBody(`"${field}" ${fault.message}`, field);
  checkTokens(text);
  return value;
}

/** As {@link parseStrictJson}, for a body. @throws {ApiError} 400 if it is not an object, too. */
export function parseJsonObject(text: string): Record<string, unknown> {
  demandFewNodes(text);
  const value = parseStrictJson(text);
  if (isObject(value)) return value;
  throw badBody('The body must be a JSON object, e.g. {"model":"…","prompt":"…"}');
}

/** Bodies have some dozens. Hundreds of thousands would occupy the process for seconds. */
const maxNodes = 10_000;

function demandFewNodes(text: string): void {
  let nodes = 0;
  for (let at = 0; at < text.length && nodes <= maxNodes; at += 1) {
    const code = text.charCodeAt(at);
    if (code === openBrace || code === openBracket) nodes += 1;
  }
  if (nodes > maxNodes) throw badBody(`The body has more than ${maxNodes} objects and lists`);
}

const openBrace = 0x7b;
const openBracket = 0x5b;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badBody(`The body is not JSON: ${reason}`, undefined, cause);
  }
}

/** Strings with the colon of a name, numbers, and brackets. Nothing else matters in JSON that was parsed before. */
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|[{}[\]]/g;

/** `JSON.parse` keeps the last of two equal names, and rounds a tiny number to zero. */
function checkTokens(text: string): void {
  const objects: Set<string>[] = [];
  for (const [found, string, colon, number] of text.matchAll(token)) {
    if (found === '{' || found === '[') objects.push(new Set());
    else if (found === '}' || found === ']') objects.pop();
    else if (number !== undefined) checkNumber(number);
    else if (string !== undefined && colon !== undefined) {
      checkName(JSON.parse(string) as string, objects.at(-1));
    }
  }
}

function checkName(name: string, names: Set<string> | undefined): void {
  if (isPrototypeName(name)) throw badBody(`A field cannot have the name "${name}"`, name);
  if (names?.has(name)) throw badBody(`"${name}" is given twice: give it once`, name);
  names?.add(name);
}

function checkNumber(number: string): void {
  const [digits = ''] = number.split(/e/i);
  if (Number(number) !== 0 || !/[1-9]/.test(digits)) return;
  throw badBody(`The number ${number} would become 0: send it as text`);
}
