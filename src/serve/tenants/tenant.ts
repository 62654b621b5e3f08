/** A caller of the HTTP API. Videos, lists, links and caps are separate for each tenant. */
export interface Tenant {
  /** Lower-case letters, digits and hyphens; part of workflow ids and of the tag `tenant:<name>`. */
  name: string;
  /** The API key that was used; null on a server without a keys file. */
  keyId: string | null;
}
