import type { StagedFile, StagedSource, VideoStorage } from '../../storage/video-storage.ts';

/** What there is of a video so far: of this attempt, or kept of an earlier one, perhaps of another worker. */
export interface StagedVideo {
  /** 0 where nothing is staged. */
  readonly sizeBytes: number;
  /** Of which bytes the file is made; absent where it cannot go on. */
  readonly source: StagedSource | undefined;
  /** True when this attempt has added to what can be kept. */
  readonly hasGrown: boolean;
  /** Takes what an earlier attempt kept of the same job. */
  resume(): Promise<void>;
  /** Begins at the first byte; what was there is gone. Without a source nothing of it can be kept. */
  begin(source: StagedSource | undefined): Promise<void>;
  write(chunk: Uint8Array): Promise<void>;
  /** The file itself, for what comes after the last byte. */
  take(): StagedFile;
  /** Keeps what can go on. */
  suspend(): Promise<void>;
  discard(): Promise<void>;
}

export function createStagedVideo(options: {
  storage: VideoStorage;
  key: string;
  jobId: string;
}): StagedVideo {
  const { storage, key, jobId } = options;
  let staged: StagedFile | undefined;
  let source: StagedSource | undefined;
  let keptBytes = 0;
  const discard = async () => {
    await staged?.discard();
    [staged, source] = [undefined, undefined];
  };
  const take = () => {
    if (!staged) throw new TypeError(`Cannot go on with "${key}": nothing is staged`);
    return staged;
  };
  return {
    get sizeBytes() {
      return staged?.sizeBytes ?? 0;
    },
    get source() {
      return source;
    },
    get hasGrown() {
      return source !== undefined && take().sizeBytes > keptBytes;
    },
    resume: async () => {
      const resumed = await storage.resume(key);
      if (!resumed) return;
      [staged, source] = [resumed, resumed.source];
      if (source.jobId !== jobId) await discard();
      keptBytes = staged?.sizeBytes ?? 0;
    },
    begin: async (of) => {
      await discard();
      staged = await storage.stage(key, of);
      source = of;
    },
    write: (chunk) => take().write(chunk),
    take,
    suspend: async () => staged?.suspend(),
    discard,
  };
}
