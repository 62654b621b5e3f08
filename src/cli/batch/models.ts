import { gatewayConfig } from '../../config/gateway-config.ts';
import { workerConfig } from '../../config/worker-config.ts';
import type { BatchRow } from '../../contract/batch.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import type { Manifest } from '../../manifest/read-manifest.ts';
import { unknownModel } from '../../manifest/rows/unknown-model.ts';
import type { Env } from '../context.ts';

/** Short, because a person waits for the quote. */
const timeoutMs = 5_000;

/**
 * Models of a batch that the gateway does not list for the configured API key, with their lines. The workers will
 * refuse these rows. Empty if there is no API key or no list.
 */
export async function unknownModels(
  rows: readonly BatchRow[],
  env: Env,
): Promise<Manifest['warnings']> {
  const listed = await listedModels(env);
  if (listed.length === 0) return [];
  const lines = new Map<string, number[]>();
  for (const { line, request } of rows) {
    const { model } = request.body;
    if (listed.includes(model)) continue;
    lines.set(model, [...(lines.get(model) ?? []), line]);
  }
  return [...lines].map(([model, at]) => ({
    field: 'model',
    message: `rows that are not paid yet will be refused: ${unknownModel(model, listed)}`,
    lines: at,
  }));
}

/** Errors are ignored: starting a batch needs neither API key nor gateway. */
async function listedModels(env: Env): Promise<string[]> {
  try {
    if (!workerConfig(env).checksModels) return [];
    return await createGateway(gatewayConfig(env)).listModels({ timeoutMs });
  } catch {
    return [];
  }
}
