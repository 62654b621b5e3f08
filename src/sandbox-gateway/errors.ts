import { json, type Transfer } from './answer.ts';

/** First envelope: task routes. */
export function taskError(status: number, code: string | number, message: string): Transfer {
  return json(status, { code, message, data: null });
}

/** Second envelope: auth, routing, limiters. The text contains the request id. */
export function apiError(
  status: number,
  { code, message, requestId }: { code: string; message: string; requestId: string },
): Transfer {
  const text = `${message} (request id: ${requestId})`;
  return json(status, { error: { code, message: text, type: 'new_api_error' } });
}

/** An unknown API key, or, in some versions, one that is used up. */
export function wrongKey(requestId: string): Transfer {
  return apiError(401, { code: '', message: 'Invalid token', requestId });
}

/** Third envelope: `/content` and media. */
export function plainError(status: number, type: string, message: string): Transfer {
  return json(status, { error: { message, type } });
}

/** An unknown path below `/v1`. */
export function invalidUrl(method: string, path: string): Transfer {
  const message = `Invalid URL (${method} ${path})`;
  return json(404, { error: { message, type: 'invalid_request_error', param: '', code: '' } });
}

/** The answer of both status routes for an id they do not know. */
export function taskNotExist(): Transfer {
  return taskError(400, 'task_not_exist', 'task_not_exist');
}

/** Refusal of the dashboard: HTTP 200 as recorded, or 401 with a code as in newer sources. */
export function noAccess(status: 200 | 401): Transfer {
  const refusal = { message: 'Unauthorized, invalid access token', success: false };
  return json(status, status === 200 ? refusal : { code: 'AUTH_UNAUTHORIZED', ...refusal });
}

/** A vendor's response, wrapped: the message is its body as a string. */
export function vendorError(status: number, vendorBody: unknown): Transfer {
  const message = typeof vendorBody === 'string' ? vendorBody : JSON.stringify(vendorBody);
  return taskError(status, 'fail_to_fetch_task', message);
}

/** The nginx page recorded inside and outside of JSON. */
export function nginxPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}
