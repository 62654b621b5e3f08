import { Context } from '@temporalio/activity';
import type { SubmitVideoInput } from '../../contract/activities.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { unknownModel } from '../../manifest/rows/unknown-model.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { refused } from './check-submit.ts';
import { createKnownModels } from './known-models.ts';
import { hasFile } from './stored-before.ts';

export interface CheckModelOptions {
  gateway: Pick<Gateway, 'listModels'>;
  claims: Pick<SubmitClaims, 'find'>;
  storage: Pick<VideoStorage, 'head'>;
}

/** @throws {ApplicationFailure} The API key may not use the model of this submit. */
export type CheckModel = (input: SubmitVideoInput, model: string) => Promise<void>;

/** Refuses a model that the gateway does not list, unless the key of the submit may have been paid for: that is answered. */
export function createCheckModel(options: CheckModelOptions): CheckModel {
  const known = createKnownModels(options);
  return async (input, model) => {
    const listed = await known.listWithout(model);
    if (!listed || (await mayBePaid(options, input))) return;
    throw refused(`Nothing was sent: ${unknownModel(model, listed)}`);
  };
}

/** Also where the storage cannot be read: the submit itself will say so. */
async function mayBePaid(
  { claims, storage }: CheckModelOptions,
  { claimKey, spelledId }: SubmitVideoInput,
): Promise<boolean> {
  const { workflowId = claimKey } = Context.current().info.workflowExecution ?? {};
  try {
    for (const id of new Set([claimKey, workflowId, spelledId ?? claimKey])) {
      if ((await claims.find(id)) !== null || (await hasFile(storage, id))) return true;
    }
    return false;
  } catch {
    return true;
  }
}
