import type { StagedFile, StagedSource, VideoStorage } from '../../storage/video-storage.ts';

/** The bytes of a video so far, from this attempt or an earlier one, perhaps on another worker. */
export interface StagedVideo {
  /** 0 if nothing is staged. */
  readonly sizeBytes: number;
  /** The file that the bytes belong to; absent if the transfer cannot be resumed. */
  readonly source: StagedSource | undefined;
  /** True when this attempt has added bytes that can be kept. */
  readonly hasGrown: boolean;
  /** Loads what an earlier attempt kept of the same job. */
  resume(): Promise<void>;
  /**
   * Starts at the first byte and discards earlier bytes. Without a source, the bytes cannot be kept for a later
   * attempt.
   */
  begin(source: StagedSource | undefined): Promise<void>;
  /** Returns the staged file. Throws if nothing is staged. */
  stagedFile(): StagedFile;
  /** Keeps the bytes if a later attempt can resume them. */
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
  const stagedFile = () => {
    if (!staged) throw new TypeError(`Nothing is staged for "${key}"`);
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
      return source !== undefined && stagedFile().sizeBytes > keptBytes;
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
    stagedFile,
    suspend: async () => staged?.suspend(),
    discard,
  };
}
