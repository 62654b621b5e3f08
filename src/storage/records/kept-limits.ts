import { z } from 'zod';
import type { AdmissionLimits } from '../../contract/admission.ts';
import type { VideoStorage } from '../video-storage.ts';

const maxBytes = 1_000_000;
const caps = z.object({
  videos: z.number().exactOptional(),
  seconds: z.number().exactOptional(),
  money: z.number().exactOptional(),
});
const limitsSchema = z.object({
  jobs: z.number().exactOptional(),
  perDay: caps.exactOptional(),
  perTag: z.record(z.string(), caps).exactOptional(),
  perBatch: caps.exactOptional(),
  perRun: caps.exactOptional(),
});

/** The limits that operators set on an account. They persist after the account's admission workflow ends. */
export interface KeptLimits {
  /** Null if no limits were ever set. */
  load(admissionId: string): Promise<AdmissionLimits | null>;
  keep(admissionId: string, limits: AdmissionLimits): Promise<void>;
}

export function createKeptLimits({ storage }: { storage: VideoStorage }): KeptLimits {
  return {
    load: async (admissionId) => {
      const bytes = await storage.readSmall(keyOf(admissionId), maxBytes);
      return bytes && limitsSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
    },
    keep: (admissionId, limits) =>
      storage.writeSmall(keyOf(admissionId), Buffer.from(`${JSON.stringify(limits)}\n`)),
  };
}

/** The id of an admission is `admission/` and a digest. */
function keyOf(admissionId: string): string {
  return `${admissionId}.json`;
}
