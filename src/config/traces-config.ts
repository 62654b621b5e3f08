import { z } from 'zod';
import { egressConfig } from './egress-config.ts';
import { parse, type Env } from './settings.ts';

/** A list of name=value, percent-encoded as OpenTelemetry specifies. */
const pairs = z
  .string()
  .transform((text, context) => {
    const parts = text.split(',').filter((part) => part.trim() !== '');
    const found = parts.map((part) => /^\s*([^=\s]+)\s*=(.*)$/.exec(part));
    if (found.includes(null)) context.addIssue('is not a list of name=value');
    return Object.fromEntries(
      found.map((pair) => [decoded(pair?.[1] ?? ''), decoded((pair?.[2] ?? '').trim())]),
    );
  })
  .default({});

/** Invalid percent-encoding is returned unchanged. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const address = z.url({ protocol: /^https?$/ }).exactOptional();

/** The standard variables of OpenTelemetry. Read here, because its SDK reads `process.env` only, not `.env`. */
const tracesSchema = z.object({
  OTEL_SDK_DISABLED: z.string().default('false'),
  OTEL_TRACES_EXPORTER: z.string().default('otlp'),
  OTEL_SERVICE_NAME: z.string().exactOptional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  OTEL_EXPORTER_OTLP_ENDPOINT: address,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: address,
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: pairs,
});

/** Settings of the span exporter; undefined if traces are off. @throws {ConfigError} */
export function tracesConfig(env: Env) {
  const settings = parse(tracesSchema, env);
  const url = settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? belowEndpoint(settings);
  const isDisabled = settings.OTEL_SDK_DISABLED.trim().toLowerCase() === 'true';
  if (url === undefined || isDisabled || settings.OTEL_TRACES_EXPORTER === 'none') return undefined;
  const headers = {
    ...settings.OTEL_EXPORTER_OTLP_HEADERS,
    ...settings.OTEL_EXPORTER_OTLP_TRACES_HEADERS,
  };
  const name = settings.OTEL_SERVICE_NAME;
  const resource = {
    'service.name': 'onetake',
    ...settings.OTEL_RESOURCE_ATTRIBUTES,
    ...(name !== undefined && { 'service.name': name }),
  };
  return { url, headers, resource, ...egressConfig(env) };
}

function belowEndpoint({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
}: z.output<typeof tracesSchema>): string | undefined {
  return endpoint === undefined ? undefined : `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}
