import { Context } from '@temporalio/activity';
import type { SubmitVideoInput } from '../../contract/activities.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { unknownModel } from '../../manifest/rows/unknown-model.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { refusedRequest } from './check-submit.ts';
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
    throw refusedRequest(`Nothing was sent: ${unknownModel(model, listed)}`);
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

/** A new model may be asked for at once; the rows of a batch with a wrong one must not each read the list. */
const readAgainMs = 10_000;
/** A gateway that gives no list will not give one to the next submit. */
const afterFailureMs = 5 * 60_000;
/** The list has no model whose channels are all switched off at the moment: one that was listed lately is not misspelt. */
const rememberedMs = 24 * 60 * 60_000;
/** A submit waits for it. */
const timeoutMs = 5_000;

/** The models that the gateway lists for the API key of this worker. */
interface KnownModels {
  /** The list, where it lacks this model; null where the model is known, and where there is no list to tell. */
  listWithout(model: string): Promise<readonly string[] | null>;
}

/** Reads the list when it is first needed, and again for a model that it lacks; one request at a time. */
export function createKnownModels({
  gateway,
  now = Date.now,
}: {
  gateway: Pick<Gateway, 'listModels'>;
  now?: () => number;
}): KnownModels {
  const listedAt = new Map<string, number>();
  let last: { models: readonly string[]; readAgainAt: number } | undefined;
  let reading: Promise<readonly string[]> | undefined;
  const read = async () => {
    const models = await gateway.listModels({ timeoutMs }).catch(noList);
    for (const model of models) listedAt.set(model, now());
    last = { models, readAgainAt: now() + (models.length > 0 ? readAgainMs : afterFailureMs) };
    return models;
  };
  const current = () => {
    if (last && now() < last.readAgainAt) return last.models;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  return {
    listWithout: async (model) => {
      if (now() < (listedAt.get(model) ?? -Infinity) + rememberedMs) return null;
      const models = await current();
      return models.length === 0 || models.includes(model) ? null : models;
    },
  };
}

function noList(error: unknown): readonly string[] {
  Context.current().log.warn('The gateway gives no list of models, so none is checked', { error });
  return [];
}
