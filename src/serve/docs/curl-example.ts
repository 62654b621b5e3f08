import { parameters } from '../api/parameters.ts';
import type { Operation } from '../api/operation.ts';

const options = { get: '', head: '--head ', post: '-X POST ', delete: '-X DELETE ' } as const;

/** A command line that calls the route, for a POSIX shell. */
export function curlExample(operation: Operation, url: string): string {
  const { method, path, body, isPublic } = operation;
  const json = body?.['application/json'];
  const named = operation.parameters ?? [];
  const address = named.reduce<string>((text, name) => {
    const parameter = parameters[name];
    if (parameter.in !== 'path') return text;
    return text.replace(`{${parameter.name}}`, encodeURIComponent(parameter.example));
  }, url + path);
  const lines = [
    `curl ${options[method]}${quoted(address)}`,
    ...(isPublic ? [] : [`-H "Authorization: Bearer $ONETAKE_API_KEY"`]),
    ...(named.includes('idempotencyKey') ? [`-H 'Idempotency-Key: order-1001'`] : []),
    ...(json
      ? [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(json.example))}`]
      : []),
  ];
  return lines.join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
