import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../../config/settings.ts';
import { tenantName } from './tenant.ts';

const hex256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

const roleFault = 'must be "operator", or be absent for a key of the tenant only';

/** Unknown fields are kept when the file is changed. */
const keyEntry = z.looseObject({
  /** Names the key in lists, logs and signed links. Not a secret. */
  id: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" and "-"'),
  tenant: tenantName,
  /** Of the whole key. No salt is needed: a key has 256 random bits. */
  sha256: hex256,
  createdAt: z.iso.datetime({ offset: true }),
  /** A key with this field is refused. */
  revokedAt: z.iso.datetime({ offset: true }).exactOptional(),
  note: z.string().exactOptional(),
  /** An operator may open the studio, which shows the videos of all tenants. Without a role: the tenant's videos only. */
  role: z.literal('operator', { error: roleFault }).exactOptional(),
});

const keysFile = z
  .looseObject({
    /** Signs links to videos; the same on all replicas. */
    linkSecret: hex256,
    keys: z.array(keyEntry),
  })
  .superRefine(({ keys }, context) => {
    for (const field of ['id', 'sha256'] as const) {
      const seen = new Set<string>();
      for (const [index, { [field]: value }] of keys.entries()) {
        const message = 'is that of an earlier key';
        if (seen.has(value))
          context.addIssue({ code: 'custom', path: ['keys', index, field], message });
        seen.add(value);
      }
    }
  });

/** The API keys of all tenants. Contains no key in clear. */
export type KeysFile = z.infer<typeof keysFile>;

/** An API key in a keys file. */
export type KeyEntry = KeysFile['keys'][number];

/** Hash of an API key, as in a keys file. */
export function keyDigest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** @throws {ConfigError} The file cannot be read, or is not a keys file. The message quotes nothing from the file. */
export async function readKeysFile(path: string): Promise<KeysFile> {
  const text = await readText(path);
  if (text !== null) return parseKeysFile(path, text);
  throw new ConfigError(
    `The keys file "${path}" does not exist: create the first API key with ` +
      '`onetake keys create <tenant> --file <path>`, or correct SERVE_KEYS_FILE',
  );
}

/** Null if the file does not exist. @throws {ConfigError} It cannot be read. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ConfigError(
      `The keys file "${path}" cannot be read: ${message}; let this user read it`,
      { cause },
    );
  }
}

/** @param missing Values of fields that the file lacks. @throws {ConfigError} As {@link readKeysFile}. */
export function parseKeysFile(
  path: string,
  text: string,
  missing: Partial<KeysFile> = {},
): KeysFile {
  const parsed = keysFile.safeParse({ ...missing, ...parseObject(path, text) });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new ConfigError(
    `The keys file "${path}" cannot be used: "${field}" ${issue?.message ?? 'is wrong'}; correct it, or restore the ` +
      'file from a backup',
  );
}

function parseObject(path: string, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text, and so perhaps the secret.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ConfigError(
    `The keys file "${path}" is not a JSON object: restore it from a backup, or create new API keys in another file ` +
      'with `onetake keys create <tenant> --file <path>`',
  );
}
