import { refused, type FaultRow } from './fault-row.ts';

const fraction = { model: 'kling-v1', size: '1280x720', duration: 5.5 };
const moderation = { kind: 'moderation' } as const;
const quota = { kind: 'quota' } as const;
const auth = { kind: 'auth' } as const;
const redirected = {
  kind: 'gateway_unavailable',
  note: 'the redirect is not followed: the other origin gets no request',
} as const;

/** Creates that are refused for good, and cost nothing. */
export const submitRefused: readonly FaultRow[] = [
  refused(19, 'submit-vendor-number', moderation),
  refused(19, 'submit-vendor-number=1026', moderation),
  refused(20, 'submit-build-failed'),
  refused(26, 'submit-400-code'),
  refused(26, 'submit-400-code=invalid_seconds', { format: 'videos' }),
  refused(26, 'submit-400-code=model_price_error'),
  refused(26, 'submit-400-code=routing'),
  refused(26, 'submit-400-code=plugin_request_invalid'),
  refused(26, 'submit-400-code=plugin_usage_invalid'),
  refused(26, 'submit-400-code=invalid_callback_url'),
  refused(27, 'submit-vendor-400', {
    tells: 'length limit exceeded',
    note: "the vendor's message is shown",
  }),
  refused(27, 'submit-vendor-400=nsfw', { ...moderation, tells: 'content moderated (nsfw)' }),
  refused(28, 'submit-2xx-error=ali', {
    ...moderation,
    note: 'an error with HTTP 200 is no success',
  }),
  refused(29, 'submit-401', auth),
  refused(29, 'submit-401=quota', quota),
  refused(30, 'submit-403-quota', quota),
  refused(30, 'submit-403-quota=key', quota),
  refused(30, 'submit-403-quota=pre', quota),
  refused(31, 'submit-403-denied', auth),
  refused(31, 'submit-403-denied=banned', auth),
  refused(31, 'submit-403-denied=model', {
    tells: 'not enabled for this API key',
    note: 'the key is limited to other models',
  }),
  refused(32, 'submit-404-path'),
  refused(34, 'submit-413'),
  refused(34, 'submit-413=json'),
  refused(34, 'submit-413=html'),
  refused(38, 'submit-late=refused'),
  refused(40, 'submit-redirect', redirected),
  refused(40, 'submit-redirect=302', redirected),
  refused(137, 'models-list', {
    posts: 0,
    body: { model: 'kling-v2-mster', size: '1280x720', duration: 5 },
    tells: 'did you mean "kling-v2-master"?',
    note: 'a misspelt model: no POST is sent',
  }),
  refused(146, 'submit-strict-types', {
    format: 'videos',
    body: fraction,
    sendAnyway: true,
    note: 'refused before the POST; sent with `sendAnyway`',
  }),
  refused(147, 'submit-wrong-base=slash', redirected),
];
