import type { ConnectionLike } from '@temporalio/client';
import { ServiceError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { searchAttributeNames } from '../../src/contract/search-attributes.ts';
import {
  ensureSearchAttributes,
  missingSearchAttributes,
  SearchAttributesMissing,
} from '../../src/worker/search-attribute-setup.ts';

const [keyword, int] = [2, 3];
const [first, ...others] = searchAttributeNames;

interface Server {
  store?: string;
  /** Names and types that the namespace has. */
  has?: Record<string, number>;
  /** Thrown by every call to the operator service. */
  closed?: Error;
}

/** The calls of a connection that the setup makes, answered by hand. */
function connectTo({ store = 'sqlite', has = {}, closed }: Server) {
  const added: unknown[] = [];
  const operatorService = {
    listSearchAttributes: () =>
      closed ? Promise.reject(closed) : Promise.resolve({ customAttributes: has }),
    addSearchAttributes: (request: unknown) => Promise.resolve(added.push(request)),
  };
  const workflowService = {
    getClusterInfo: () => Promise.resolve({ persistenceStore: store }),
    countWorkflowExecutions: ({ query }: { query: string }) => {
      const [name = ''] = query.split(' ');
      if (name in has) return Promise.resolve({});
      return Promise.reject(Object.assign(new ServiceError('no such attribute'), { code: 3 }));
    },
  };
  const connection = { operatorService, workflowService } as unknown as ConnectionLike;
  return { options: { connection, namespace: 'videos' }, added };
}

const all = Object.fromEntries(searchAttributeNames.map((name) => [name, keyword]));

test('ensureSearchAttributes() registers on SQLite what is missing, and only that', async () => {
  const { [first]: _, ...has } = all;
  const { options, added } = connectTo({ has });
  expect(await ensureSearchAttributes(options)).toEqual([first]);
  expect(added).toEqual([{ namespace: 'videos', searchAttributes: { [first]: keyword } }]);
});

test.each(['postgres12', 'mysql8', 'cassandra', 'elasticsearch', ''])(
  'ensureSearchAttributes() changes nothing on store "%s" and says the command to run',
  async (store) => {
    const { options, added } = connectTo({ store });
    const names = searchAttributeNames.map((name) => `--name ${name} --type Keyword`).join(' ');
    const command = `temporal operator search-attribute create --namespace videos ${names}`;
    const refusal = await ensureSearchAttributes(options).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SearchAttributesMissing);
    expect(refusal).toHaveProperty(
      'message',
      `Search attributes are missing in namespace "videos". Run: ${command}`,
    );
    expect(added).toEqual([]);
  },
);

test('ensureSearchAttributes() names only what is missing', async () => {
  const has = Object.fromEntries(others.map((name) => [name, keyword]));
  const { options } = connectTo({ store: 'postgres12', has });
  const command = `create --namespace videos --name ${first} --type Keyword`;
  await expect(ensureSearchAttributes(options)).rejects.toThrow(new RegExp(`${command}$`));
});

test('ensureSearchAttributes() asks for nothing more on any store that has them all', async () => {
  const { options, added } = connectTo({ store: 'postgres12', has: all });
  expect(await ensureSearchAttributes(options)).toEqual([]);
  expect(added).toEqual([]);
});

test('missingSearchAttributes() counts an attribute of another type as missing', async () => {
  const { options } = connectTo({ has: { ...all, [first]: int } });
  expect(await missingSearchAttributes(options)).toEqual([first]);
});

/** Temporal Cloud has no operator service for a namespace's key. */
test.each([
  [7, 'PERMISSION_DENIED: Request unauthorized.'],
  [12, 'UNIMPLEMENTED: unknown service'],
])(
  'where the operator service answers %i, a search by each attribute tells which are missing',
  async (code, message) => {
    const closed = Object.assign(new ServiceError(message), { code });
    const { [first]: _, ...has } = all;
    const complete = connectTo({ store: 'cloud', has: all, closed });
    const lacking = connectTo({ store: 'cloud', has, closed });
    expect(await ensureSearchAttributes(complete.options)).toEqual([]);
    await expect(ensureSearchAttributes(lacking.options)).rejects.toThrow(first);
    expect(lacking.added).toEqual([]);
  },
);
