import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { createAddressMemory } from '../../src/activities/deliver/address-memory.ts';
import { createStoreVideo } from '../../src/activities/deliver/store-video.ts';
import type { VideoChecks } from '../../src/activities/deliver/check-video.ts';
import type { StoreVideoInput } from '../../src/contract/activities.ts';
import type { JobTimings } from '../../src/storage/records/job-timings.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { sidecarKey, videoKey } from '../../src/identity/object-key.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import {
  createFakeGateway,
  jobStatus,
  type GatewayScript,
  type Scripted,
  type ServedFile,
} from '../fakes/fake-gateway.ts';
import { tempStorage, type TempStorage } from '../fakes/temp-storage.ts';
import { readMedia } from './media.ts';
import { account } from '../fakes/gateway-account.ts';

export const videoId = 'video/demo';
export const key = videoKey(videoId);
/** What lies in the storage when all is well. */
export const delivered = [sidecarKey(key), key];
export const bytes = readMedia('1280x720-4s.mp4');
export const url = 'https://media.example/v.mp4?signature=secret';

/** A succeeded job with these addresses, best first. */
export const at = (...resultUrls: string[]) => jobStatus({ state: 'succeeded', resultUrls });

export interface StoreSetting {
  status?: GatewayScript['status'];
  /** What lies at `url`, or all files by address. */
  file?: Scripted<ServedFile>;
  files?: Record<string, Scripted<ServedFile>>;
  attempt?: number;
  maxBytes?: number;
  checks?: VideoChecks;
  input?: Partial<StoreVideoInput>;
  through?: (storage: VideoStorage) => VideoStorage;
  client?: Client;
  /** What the last poll has brought, in this process. */
  known?: string[];
  timings?: Pick<JobTimings, 'record'>;
  info?: Partial<Info>;
}

/** The store activity over a fake gateway and a real folder. */
export async function storeHarness(setting: StoreSetting = {}) {
  const { file = { bytes }, attempt = 1, maxBytes = 10_000_000, checks = 'strict' } = setting;
  const temp = await tempStorage();
  const storage = setting.through?.(temp.storage) ?? temp.storage;
  const gateway = createFakeGateway({
    status: setting.status ?? { generations: [at(url)] },
    files: setting.files ?? { [url]: file },
  });
  const addresses = createAddressMemory();
  addresses.remember('task_1', setting.known ?? []);
  const { timings } = setting;
  const ports = { gateway, account, storage, addresses, ...(timings && { timings }) };
  const storeVideo = createStoreVideo({ ...ports, maxBytes, checks });
  const info: Partial<Info> = { attempt, ...setting.info };
  const harness = activityHarness(info, setting.client);
  const input: StoreVideoInput = {
    job: { format: 'generations', jobId: 'task_1' },
    videoId,
    ...setting.input,
  };
  return {
    gateway,
    harness,
    storage: temp.storage,
    files: () => filesOf(temp),
    store: () => harness.run(storeVideo, input),
    /** A further attempt, as Temporal makes it. */
    storeAgain: () => activityHarness({ attempt: attempt + 1 }).run(storeVideo, input),
  };
}

/** Every file, but for the index of videos without a claim of their own: most tests make no claim. */
export async function filesOf(temp: Pick<TempStorage, 'files'>): Promise<string[]> {
  return (await temp.files()).filter((path) => !path.startsWith('unclaimed-by-month/'));
}
