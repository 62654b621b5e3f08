import canonicalize from 'canonicalize';
import { cutText } from '../../contract/cut-text.ts';
import type { VideoRequest } from '../../contract/video-request.ts';

/** What a person sees of a request beside its model, its prompt and what it makes. */
export interface ShownRequest {
  /** All other fields of the body, as canonical JSON; null if there are none. */
  fields: string | null;
  /** The fields are longer than what is shown. */
  areFieldsCut: boolean;
  /** Of all addresses in the body: input files and callbacks. */
  hosts: string[];
}

const maxFieldsBytes = 2_000;
/** One long value must not hide the others. */
const maxValueBytes = 300;
const maxHosts = 50;
const maxHostBytes = 200;

/** See {@link ShownRequest}. */
export function shownRequest({ body }: Pick<VideoRequest, 'body'>): ShownRequest {
  const { model: _model, prompt, ...others } = body;
  const hosts = new Set<string>();
  let isValueCut = false;
  const shorten = (_name: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    const [, type] = /^data:([\w.+/-]{1,60})/i.exec(value) ?? [];
    if (type !== undefined) return `data:${type}, ${value.length} characters`;
    const host = hostOf(value);
    if (host !== null) hosts.add(cutText(host, { bytes: maxHostBytes }));
    const cut = cutText(value, { bytes: maxValueBytes });
    if (cut === value) return value;
    isValueCut = true;
    return `${cut}…`;
  };
  // A prompt that is no text is shown with the other fields.
  const given = typeof prompt === 'string' ? others : { prompt, ...others };
  const short: unknown = JSON.parse(JSON.stringify(given, shorten));
  const whole = canonicalize(short) ?? '';
  const fields = cutText(whole, { bytes: maxFieldsBytes });
  return {
    fields: whole === '{}' ? null : fields,
    areFieldsCut: isValueCut || fields !== whole,
    hosts: [...hosts].slice(0, maxHosts),
  };
}

function hostOf(text: string): string | null {
  return /^https?:/i.test(text.trim()) && URL.canParse(text) ? new URL(text).host : null;
}
