import { ApiError } from '../../serve/http/api-error.ts';
import type { Permission, SpendPermissions, SpendRequest } from '../spending/spend-permission.ts';

type Refusal = Extract<Permission, { ok: false }>;

/** Codes of errors by the reason of a refusal; by default the reason itself. */
const codes: Partial<Record<Refusal['reason'], string>> = {
  none: 'approval_required',
  expired: 'approval_expired',
};

/**
 * The error of a request that no person has permitted. Where the agent has no token yet, a new one comes with it, so that
 * the person can approve at once.
 */
export async function needsApproval(
  permissions: SpendPermissions,
  { spend, permission }: { spend: SpendRequest; permission: Refusal },
): Promise<ApiError> {
  const { reason, message, code, approveUrl } = permission;
  const error = (words: string, details: Record<string, unknown>) =>
    new ApiError(403, codes[reason] ?? reason, { message: words, details });
  if (code !== undefined || reason === 'other_request') {
    return error(message, { ...(code !== undefined && approval({ code, approveUrl })) });
  }
  const offered = await permissions.offer(spend);
  const page = offered.approveUrl === undefined ? '' : `open ${offered.approveUrl}, or `;
  const steps =
    `Ask the person to ${page}run \`onetake mcp approve ${offered.code}\`; then call generate_video again with ` +
    `confirm="${offered.confirm}" and the same arguments.`;
  return error(`${message}\n${steps}`, { confirm: offered.confirm, ...approval(offered) });
}

function approval({ code, approveUrl }: { code: string; approveUrl?: string | undefined }) {
  return { approve_code: code, ...(approveUrl !== undefined && { approve_url: approveUrl }) };
}
