import { z } from 'zod';

/** A caller of the HTTP API. Videos, lists, links and caps are separate for each tenant. */
export interface Tenant {
  /** Lower-case letters, digits and hyphens; part of workflow ids and of the tag `tenant:<name>`. */
  name: string;
  /** The API key that was used; null on a server without a keys file. */
  keyId: string | null;
  /** The key may also open the studio. On `/v1` it acts as its tenant. */
  isOperator?: true;
}

/** What {@link Tenant.name} may be. */
export const tenantName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'must be 1 to 40 lower-case letters, digits and hyphens, without a hyphen at the start',
  );
