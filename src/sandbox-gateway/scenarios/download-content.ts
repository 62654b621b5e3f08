import { empty, html, json, type Answer } from '../answer.ts';
import { apiError, plainError, taskError } from '../errors.ts';
import type { DownloadContext, DownloadScenario } from './scenario.ts';

const atContent = ['content'] as const;

/** Responses of `/v1/videos/{id}/content`, which the status routes show as the result. */
export const contentScenarios: readonly DownloadScenario[] = [
  {
    number: 80,
    name: 'dl-307-strict',
    phase: 'download',
    line: '/content 307 to the media origin, which refuses the API key',
    via: 'content',
  },
  {
    number: 81,
    name: 'dl-302-signed',
    phase: 'download',
    line: '/content 302 to a signed address, no-store',
    via: 'content',
    places: atContent,
    answer: ({ directUrl }) => redirect(302, directUrl),
  },
  {
    number: 83,
    name: 'dl-redirect-loop',
    phase: 'download',
    line: '/content 302 to itself; =chain 25 hops, then the file',
    via: 'content',
    places: atContent,
    variants: ['loop', 'chain'],
    answer: ({ contentUrl, exchange, variant }) => {
      const hop = Number(/[?&]hop=(\d+)/.exec(exchange.path)?.[1] ?? 0) + 1;
      if (variant !== 'chain') return redirect(302, contentUrl);
      return hop > 25 ? null : redirect(302, `${contentUrl}?hop=${hop}`);
    },
  },
  {
    number: 84,
    name: 'dl-redirect-private',
    phase: 'download',
    line: '/content 307 to 169.254.169.254; =private 10.0.0.1, =loopback an unlisted port',
    via: 'content',
    places: atContent,
    variants: ['metadata', 'private', 'loopback'],
    answer({ variant }) {
      if (variant === 'private') return redirect(307, 'http://10.0.0.1/video.mp4');
      if (variant === 'loopback') return redirect(307, 'http://127.0.0.1:9/video.mp4');
      return redirect(307, 'http://169.254.169.254/latest/meta-data/');
    },
  },
  {
    number: 85,
    name: 'dl-redirect-scheme',
    phase: 'download',
    line: '/content 307 to file:///etc/hostname; =data data:video/mp4, =http plain http elsewhere',
    via: 'content',
    places: atContent,
    variants: ['file', 'data', 'http'],
    answer({ variant }) {
      if (variant === 'http') return redirect(307, 'http://media.invalid/video.mp4');
      return redirect(
        307,
        variant === 'data' ? 'data:video/mp4;base64,AAAA' : 'file:///etc/hostname',
      );
    },
  },
  {
    number: 87,
    name: 'dl-401-needs-key',
    phase: 'download',
    line: '/content requires the API key (401 without), then 307 as usual',
    via: 'content',
    places: atContent,
    answer({ exchange, apiKey }) {
      const { requestId, headers } = exchange;
      if (headers['authorization'] === `Bearer ${apiKey}`) return null;
      return apiError(401, { code: '', message: 'Token not provided', requestId });
    },
  },
  {
    number: 88,
    name: 'dl-404-early',
    phase: 'download',
    line: '/content 404 media_not_found twice (=N), then 307',
    times: 2,
    via: 'content',
    places: atContent,
    answer: () => plainError(404, 'media_not_found', 'Media not found'),
  },
  {
    number: 89,
    name: 'dl-400-early',
    phase: 'download',
    line: '/content 400 "Task is not completed yet, … IN_PROGRESS" once (=N), then 307',
    times: 1,
    via: 'content',
    places: atContent,
    answer: () => notCompleted('IN_PROGRESS'),
  },
  {
    number: 91,
    name: 'dl-gone',
    phase: 'download',
    line: '410 media_expired on /content; combine with poll-410 for both',
    via: 'content',
    places: ['content', 'media'],
    answer: () => taskError(410, 'media_expired', 'media has expired'),
  },
  {
    number: 102,
    name: 'dl-json-url',
    phase: 'download',
    line: '/content 200 {"url":"…"}; =data {"data":{"url":"…"}}',
    via: 'content',
    places: atContent,
    variants: ['url', 'data'],
    answer: ({ directUrl: url, variant }) =>
      json(200, variant === 'data' ? { data: { url } } : { url }),
  },
  {
    number: 103,
    name: 'dl-json-error',
    phase: 'download',
    line: '/content 200 with a JSON error; =html a page; the media address is the second result',
    via: 'content-first',
    places: atContent,
    variants: ['json', 'html'],
    answer: ({ variant }) =>
      variant === 'html'
        ? html(200, '<html><body>link expired</body></html>')
        : json(200, { error: { message: 'video expired', code: 'expired' } }),
  },
  {
    number: 115,
    name: 'dl-5xx',
    phase: 'download',
    line: '/content 502 "Upstream service returned status 403"; =fetch, =500, =503; the media address is the second result',
    via: 'content-first',
    places: atContent,
    variants: ['403', 'fetch', '500', '503'],
    answer: ({ variant }) => serverError(variant),
  },
  {
    number: 116,
    name: 'dl-429-ip',
    phase: 'download',
    line: '/content 429 with an empty body once (=N), then 307',
    times: 1,
    via: 'content',
    places: atContent,
    answer: () => empty(429),
  },
  {
    number: 120,
    name: 'dl-403-blocked',
    phase: 'download',
    line: '/content 403 "request blocked: …"; the media address is the second result',
    via: 'content-first',
    places: atContent,
    answer: () => plainError(403, 'server_error', 'request blocked: port 3998 is not allowed'),
  },
  {
    number: 160,
    name: 'dl-400-failure',
    phase: 'download',
    line: '/content 400 "… current status: FAILURE"; the status says failed from then on',
    via: 'content',
    places: atContent,
    answer({ job }) {
      job.takenBack = true;
      return notCompleted('FAILURE');
    },
  },
  {
    number: 161,
    name: 'dl-own-url-loop',
    phase: 'download',
    line: 'the result is /content, which responds 502 once, then 429 forever',
    via: 'content',
    places: atContent,
    answer: ({ nth }) =>
      nth === 1
        ? plainError(502, 'server_error', 'Upstream service returned status 502')
        : empty(429),
  },
  {
    number: 162,
    name: 'dl-channel-deleted',
    phase: 'download',
    line: '/content 500 "Failed to retrieve channel information"; the media address works',
    via: 'content-first',
    places: atContent,
    answer: () => plainError(500, 'server_error', 'Failed to retrieve channel information'),
  },
];

function redirect(status: number, location: string): Answer {
  return empty(status, { Location: location, 'Cache-Control': 'no-store' });
}

function notCompleted(state: string): Answer {
  const message = `Task is not completed yet, current status: ${state}`;
  return plainError(400, 'invalid_request_error', message);
}

function serverError(variant: DownloadContext['variant']): Answer {
  switch (variant) {
    case 'fetch':
      return plainError(502, 'server_error', 'Failed to fetch video content');
    case '500':
      return plainError(500, 'server_error', 'API key not stored for task');
    case '503':
      return plainError(503, 'media_unavailable', 'Media temporarily unavailable');
    default:
      return plainError(502, 'server_error', 'Upstream service returned status 403');
  }
}
