import { expect } from 'vitest';
import { ApiError } from '../../../src/serve/http/api-error.ts';

export const png = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  Buffer.alloc(300, 7),
]);
export const jpeg = Buffer.concat([
  Buffer.from('\xff\xd8\xff\xe0', 'latin1'),
  Buffer.alloc(300, 8),
]);
export const webp = Buffer.concat([
  Buffer.from('RIFF\x10\x00\x00\x00WEBP', 'latin1'),
  Buffer.alloc(99),
]);

/** A POST as a server gets it, its body in chunks. */
export function post(
  body: string | Uint8Array | readonly Uint8Array[] | ReadableStream<Uint8Array>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Request {
  const stream = body instanceof ReadableStream ? body : streamOf(body);
  const init = { method: 'POST', headers, body: stream, duplex: 'half' } as const;
  return new Request('http://127.0.0.1/v1/videos', init);
}

function streamOf(body: string | Uint8Array | readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const chunks = typeof body === 'string' ? [Buffer.from(body)] : [body].flat();
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

export const formHeaders = { 'content-type': 'multipart/form-data; boundary=cut-here' };

/** The parts of a form with the boundary `cut-here`, each as its header lines and its content. */
export function form(
  ...parts: readonly (readonly [headers: string, content: string | Uint8Array])[]
): Buffer {
  const blocks = parts.map(([headers, content]) =>
    Buffer.concat([
      Buffer.from(`--cut-here\r\n${headers}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
  );
  return Buffer.concat([...blocks, Buffer.from('--cut-here--\r\n')]);
}

export function text(name: string, value: string): readonly [string, string] {
  return [`Content-Disposition: form-data; name="${name}"`, value];
}

/** As the Python SDK sends it. */
export function file(name: string, content: Uint8Array): readonly [string, Uint8Array] {
  const type = 'Content-Type: application/octet-stream';
  return [`Content-Disposition: form-data; name="${name}"; filename="upload"\r\n${type}`, content];
}

/** The error of a refused body. */
export async function refusal(reading: Promise<unknown>): Promise<ApiError> {
  const error = await reading.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

/** A form with an `input_reference` of a size. It is made while it is read. */
export function largeForm(sizeBytes: number, start: Uint8Array): ReadableStream<Uint8Array> {
  const frame = form(
    text('model', 'sora-2'),
    text('prompt', 'A cat'),
    file('input_reference', Buffer.from('HERE')),
  ).toString('latin1');
  const [before = '', after = ''] = frame.split('HERE');
  const zeros = Buffer.alloc(64 * 1024);
  const chunks = function* (): Generator<Uint8Array> {
    yield Buffer.concat([Buffer.from(before, 'latin1'), start]);
    for (let left = sizeBytes - start.length; left > 0; left -= zeros.length) {
      yield zeros.subarray(0, Math.min(left, zeros.length));
    }
    yield Buffer.from(after, 'latin1');
  };
  return ReadableStream.from(chunks());
}
