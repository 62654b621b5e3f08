import type { ListRules, PictureForm } from './media-types.ts';

const storedImagePrefix = 'stored-image:sha256:';
const storedDataUri = /^stored-image:sha256:[0-9a-f]{64}#(data:.*)$/;

const formWords: Record<PictureForm, string> = {
  https: 'an https address',
  http: 'an http address',
  data: 'a data URI',
  base64: 'Base64',
  asset: 'asset://',
  tos: 'tos://',
};

/** Why the form of a medium is invalid; undefined if it is valid. */
export function formFault(given: string, rules: ListRules): string | undefined {
  const [, stored = given] = storedDataUri.exec(given) ?? [];
  // Just before the POST, a stored image is written in a form that the model accepts, and a stored data URI unchanged.
  return stored.startsWith(storedImagePrefix) ? undefined : faultOf(stored, rules);
}

function faultOf(
  given: string,
  { forms, types }: Pick<ListRules, 'forms' | 'types'>,
): string | undefined {
  const form = formOf(given);
  if (forms && (form === undefined || !forms.includes(form))) {
    return `Must be ${forms.map((each) => formWords[each]).join(' or ')}`;
  }
  const type = form === 'data' ? dataType(given) : form === 'base64' ? sniffed(given) : undefined;
  if (!types || type === undefined || types.includes(type)) return undefined;
  return `Is ${type || 'not a known image type'}; the model accepts ${types.join(', ')}`;
}

function formOf(given: string): PictureForm | undefined {
  const [, scheme] = /^([a-z]+):/i.exec(given) ?? [];
  if (scheme === undefined) {
    return /^[A-Za-z0-9+/]{16,}={0,2}$/.test(given) ? 'base64' : undefined;
  }
  const schemes: readonly PictureForm[] = ['https', 'http', 'data', 'asset', 'tos'];
  return schemes.find((form) => form === scheme.toLowerCase());
}

function dataType(uri: string): string {
  return /^data:([^;,]*)/i.exec(uri)?.[1]?.toLowerCase() ?? '';
}

/** The format, detected from the first bytes; empty if unknown. */
function sniffed(base64: string): string {
  if (base64.startsWith('iVBORw0KGgo')) return 'image/png';
  if (base64.startsWith('/9j/')) return 'image/jpeg';
  return base64.startsWith('UklGR') ? 'image/webp' : '';
}
