import { compact } from '../compact.ts';
import type { Task } from '../faults/fault-error.ts';
import type { ResultStream } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';

/** Characters decoded per step. A multiple of four, so that no Base64 group is split. */
const sliceLength = 64 * 1024;

/** Longer than any media type with parameters. */
const maxHeadLength = 1_024;

/**
 * Opens a video from a data URL: `data:video/mp4;base64,…`.
 *
 * @throws {GatewayError} `not_video` for other media types and other encodings.
 */
export function openDataUrl(url: string, { verb }: Task): ResultStream {
  const comma = url.slice(0, maxHeadLength).indexOf(',');
  const head = comma === -1 ? '' : url.slice('data:'.length, comma);
  const contentType = head.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (
    !/;\s*base64\s*$/i.test(head) ||
    !/^(video\/|application\/octet-stream|$)/.test(contentType)
  ) {
    throw new GatewayError(
      'not_video',
      `Cannot ${verb}: it contains "${contentType.slice(0, 80)}", not a Base64 video`,
    );
  }
  const state = { closed: false };
  return {
    status: 200,
    body: decodeSlices(url, { start: comma + 1, state }),
    ...compact({ contentType: contentType === '' ? undefined : contentType }),
    acceptsRanges: false,
    close: () => {
      state.closed = true;
    },
  };
}

/** Decodes slice by slice. White space and `%2B` are legal in a data URL, so each slice is cleaned first. */
async function* decodeSlices(
  url: string,
  { start, state }: { start: number; state: { closed: boolean } },
): AsyncGenerator<Uint8Array> {
  let rest = '';
  for (let at = start; at < url.length && !state.closed; at += sliceLength) {
    const slice = rest + url.slice(at, at + sliceLength);
    // A percent sign at the end of a slice is kept for the next one, which has its two digits.
    const end =
      at + sliceLength < url.length
        ? slice.length - (slice.slice(-2).includes('%') ? 2 : 0)
        : slice.length;
    const clean = slice
      .slice(0, end)
      .replace(/%([0-9a-f]{2})/gi, asCharacter)
      .replace(/\s+/g, '');
    const whole = clean.length - (clean.length % 4);
    if (whole > 0) yield Buffer.from(clean.slice(0, whole), 'base64');
    rest = clean.slice(whole) + slice.slice(end);
  }
  if (rest !== '' && !state.closed) yield Buffer.from(rest, 'base64');
}

function asCharacter(_: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
