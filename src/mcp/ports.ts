import type { ServePorts } from '../serve/ports.ts';
import type { Tenant } from '../serve/tenants/tenant.ts';
import type { TenantVideo } from '../serve/videos/video-object.ts';
import type { SpendPermissions } from './spending/spend-permission.ts';

/** What the MCP face works with. */
export interface McpPorts extends ServePorts {
  permissions: SpendPermissions;
  /** Whether agents get the tool `resolve_video`. */
  withResolve: boolean;
  /** Signs the state of a question while a person answers it; the same on all replicas. */
  stateSecret: () => string;
  /** Version of onetake. */
  version: string;
}

/** Where the file of a video can be read. */
export interface FileLink {
  uri: string;
  /** Seconds since the epoch; absent if the address does not expire. */
  expiresAt?: number;
}

/** The tenant that an agent acts for, and how it can reach a file. */
export interface McpCaller {
  tenant: Tenant;
  /** Id of the call in the log. */
  requestId: () => string;
  /** Address of the server with the page that approves quotes, without a slash at the end; absent without a server. */
  serverUrl?: string;
  /** Null if there is no stored file. */
  linkOf: (video: TenantVideo) => FileLink | null;
}
