import type { ConnectionLike } from '@temporalio/client';
import { searchAttributeNames } from '../contract/search-attributes.ts';

/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const keywordType = 2;

export interface NamespaceOptions {
  connection: ConnectionLike;
  namespace: string;
}

/** Search attributes are missing and cannot be registered here; the message has the command. */
export class SearchAttributesMissing extends Error {
  constructor(missing: string[], namespace: string) {
    super(
      `Search attributes are missing in namespace "${namespace}". Run: ${registerCommand(missing, namespace)}`,
    );
    this.name = 'SearchAttributesMissing';
  }
}

/**
 * Makes sure that the search attributes exist. Registers them on a development server (SQLite). On other servers, which
 * are shared infrastructure, the error has the command to run.
 *
 * @returns The newly registered names.
 * @throws {SearchAttributesMissing}
 */
export async function ensureSearchAttributes(options: NamespaceOptions): Promise<string[]> {
  const missing = await missingSearchAttributes(options);
  if (missing.length === 0) return [];
  const { connection, namespace } = options;
  const cluster = await connection.workflowService.getClusterInfo({});
  if (cluster.persistenceStore !== 'sqlite') throw new SearchAttributesMissing(missing, namespace);
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keywordType])),
  });
  return missing;
}

/** Our search attributes that the namespace lacks, or has with another type. */
export async function missingSearchAttributes(options: NamespaceOptions): Promise<string[]> {
  const { connection, namespace } = options;
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    return searchAttributeNames.filter((name) => customAttributes[name] !== keywordType);
  } catch (error) {
    if (!isClosedService(error)) throw error;
    return missingBySearch(options);
  }
}

/** gRPC 7 PERMISSION_DENIED, 12 UNIMPLEMENTED: in Temporal Cloud, a namespace's API key has no operator service. */
function isClosedService(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 7 || error.code === 12);
}

/** Without the operator service: a query by a missing attribute fails with gRPC 3 INVALID_ARGUMENT. */
async function missingBySearch({ connection, namespace }: NamespaceOptions): Promise<string[]> {
  const missing: string[] = [];
  for (const name of searchAttributeNames) {
    const query = `${name} = 'none'`;
    await connection.workflowService
      .countWorkflowExecutions({ namespace, query })
      .catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 3)) throw error;
        missing.push(name);
      });
  }
  return missing;
}

function registerCommand(missing: string[], namespace: string): string {
  const names = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  return `temporal operator search-attribute create --namespace ${namespace} ${names}`;
}
