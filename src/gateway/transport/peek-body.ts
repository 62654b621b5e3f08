/** How many bytes are inspected to detect binary data under a text content type. */
const textBytes = 64;
const lookedAtBytes = 512;

export interface PeekedBody {
  head: Buffer;
  /** The whole body, including the first bytes. Rethrows an error that occurred while peeking. */
  body: AsyncIterable<Uint8Array>;
}

/** Reads the first bytes of a body and returns them with the whole body. */
export async function peekBody(
  body: AsyncIterable<Uint8Array>,
  contentType = '',
): Promise<PeekedBody> {
  const wantedBytes = textTypes.test(contentType) ? textBytes : 1;
  const chunks: Uint8Array[] = [];
  const rest = body[Symbol.asyncIterator]();
  let sizeBytes = 0;
  let broken: { error: unknown } | undefined;
  try {
    while (sizeBytes < wantedBytes) {
      const next = await rest.next();
      if (next.done === true) break;
      chunks.push(Buffer.from(next.value));
      sizeBytes += next.value.length;
    }
  } catch (error) {
    broken = { error };
  }
  return {
    head: Buffer.concat(chunks).subarray(0, lookedAtBytes),
    body: again(chunks, { rest, broken }),
  };
}

async function* again(
  chunks: Uint8Array[],
  { rest, broken }: { rest: AsyncIterator<Uint8Array>; broken: { error: unknown } | undefined },
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (broken) throw broken.error;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/**
 * True if a body is text instead of a video. JSON, HTML and XML are detected from the bytes, regardless of the content
 * type. Other text needs a text content type. Data with control characters is never text.
 */
export function isText(head: Buffer, contentType = ''): boolean {
  if (/^(\ufeff|\xef\xbb\xbf)?\s*[{[<]/.test(head.toString('latin1'))) return !isBinary(head);
  return textTypes.test(contentType) && !isBinary(head);
}

const textTypes = /^\s*(text\/|application\/([\w.+-]*\+)?(json|xml)\b|application\/xhtml)/i;

/** All video containers have control bytes in their first fields. */
function isBinary(head: Buffer): boolean {
  return head.some((byte) => byte < 0x20 && !textControls.has(byte));
}

/** Tab, line feed, form feed, carriage return, escape. */
const textControls = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);
