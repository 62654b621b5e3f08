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

/**
 * Refuses a model that the gateway does not list, unless the key of the submit may already be paid for: then its claim
 * or its stored video answers.
 */
export function createCheckModel(options: CheckModelOptions): CheckModel {
  const known = createKnownModels(options);
  return async (input, model) => {
    const listed = await known.listWithout(model);
    if (!listed || (await mayBePaid(options, input))) return;
    throw refusedRequest(`Nothing was sent: ${unknownModel(model, listed)}`);
  };
}

/** True as well when the storage cannot be read: the submit itself reports that. */
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

/**
 * Short, so that a new model can be used at once; not zero, so that a batch with a wrong model does not read the list
 * for each row.
 */
const readAgainMs = 10_000;
/** After a failure the list is not read again for this long: the next submit would only wait for the same failure. */
const afterFailureMs = 5 * 60_000;
/**
 * The list leaves out a model while all its channels are switched off, so a model that was listed recently is not a
 * typo.
 */
const rememberedMs = 24 * 60 * 60_000;
/** A submit waits for the list. */
const timeoutMs = 5_000;

/** The models that the gateway lists for the API key of this worker. */
interface KnownModels {
  /** Returns the list if it lacks this model; null if the model is listed or no list is available. */
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
  Context.current().log.warn('The gateway returned no list of models, so models are not checked', {
    error,
  });
  return [];
}
