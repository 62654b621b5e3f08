import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createKey, revokeKey } from '../../../src/serve/tenants/edit-keys-file.ts';
import { readKeysFile } from '../../../src/serve/tenants/keys-file.ts';
import { openKeys } from '../../../src/serve/tenants/open-keys.ts';
import { keysPath } from './keys-harness.ts';

describe('an API key of an operator', () => {
  test('acts as its tenant and is known as an operator, until it is revoked', async () => {
    const path = await keysPath();
    const { entry: ofTenant } = await createKey(path, { tenant: 'acme' });
    const { key, entry } = await createKey(path, { tenant: 'ops', role: 'operator' });
    const clock = { ms: 0 };
    const onError = (error: Error) => {
      throw error;
    };
    const keys = await openKeys(path, { now: () => clock.ms, onError });
    const operator = { name: 'ops', keyId: entry.id, isOperator: true };
    expect(await keys.find(key)).toEqual(operator);
    expect(await keys.operator(entry.id)).toEqual(operator);
    expect(await keys.operator(ofTenant.id)).toBeNull();
    await revokeKey(path, entry.id);
    clock.ms = 1_000;
    expect(await keys.operator(entry.id)).toBeNull();
  });

  test.each(['admin', 'Operator', '', null, ['operator']])(
    'cannot have the role %j: the file is refused, and the message names the known role',
    async (role) => {
      const path = await keysPath();
      await createKey(path, { tenant: 'ops', role: 'operator' });
      const { keys, ...file } = await readKeysFile(path);
      await writeFile(path, JSON.stringify({ ...file, keys: [{ ...keys[0], role }] }));
      await expect(readKeysFile(path)).rejects.toThrow(/"keys\.0\.role" must be "operator", or/);
    },
  );
});
