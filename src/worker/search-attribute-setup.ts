import type { ConnectionLike } from '@temporalio/client';
import { searchAttributeNames } from '../contract/search-attributes.ts';

/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const keywordType = 2;

export interface NamespaceOptions {
  connection: ConnectionLike;
  namespace: string;
}

/** Search attributes are missing where we may not register them; the message says what to run. */
export class SearchAttributesMissing extends Error {
  constructor(missing: string[], namespace: string) {
    super(
      `Search attributes are missing in namespace "${namespace}". Run: ${registerCommand(missing, namespace)}`,
    );
    this.name = 'SearchAttributesMissing';
  }
}

/**
 * Makes sure that the search attributes exist: registers them on a development server (SQLite), and on any other says
 * what to run, since that is a change to shared infrastructure.
 *
 * @returns The names that were registered now.
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

/** Reads which of our search attributes the namespace lacks, or has with another type. */
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

/** gRPC 7 PERMISSION_DENIED, 12 UNIMPLEMENTED: Temporal Cloud gives the operator service to nobody's namespace key. */
function isClosedService(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 7 || error.code === 12);
}

/** Without the operator service: a search by an attribute that is not there is refused as INVALID_ARGUMENT, gRPC 3. */
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
