import { z } from 'zod';
import { egressConfig } from './egress-config.ts';
import { parse, type Env } from './settings.ts';

/** Percent-encoded, as the specification of OpenTelemetry has its lists in variables. */
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

/** A percent sign that encodes nothing is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const address = z.url({ protocol: /^https?$/ }).exactOptional();

/** The standard variables of OpenTelemetry; the SDK would read them from the process alone, not from `.env`. */
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

/** Where spans go, for workers and commands; undefined where nobody wants them. @throws {ConfigError} */
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
