import { createHash } from 'node:crypto';
import type { KeptFile } from '../../contract/failure.ts';
import { isText } from '../../gateway/transport/peek-body.ts';
import { quarantineKey } from '../../identity/object-key.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { beginsAsMatroska } from '../../mp4/matroska-segment.ts';
import { beginsAsMp4 } from '../../mp4/boxes.ts';
import type { StagedVideo } from './staged-video.ts';

/** Files and texts that an attempt received instead of a complete video. */
export interface RefusedFiles {
  /** Keeps or discards a sealed file that failed the checks; afterwards nothing of it is staged. */
  add(file: StagedVideo, sha256: string): Promise<void>;
  /** Remembers the text of a response that was not a video. */
  note(evidence: string | undefined): void;
  /** Returns the file that was kept. If there is none, the last attempt stores the first text and returns it. */
  settle(): Promise<KeptFile | undefined>;
  /** Removes what was kept: another address gave the complete video. */
  drop(): Promise<void>;
}

/**
 * On the last attempt, what was paid for is kept even if the checks refuse it: a person may still play it, or show it
 * to the vendor. Before the last attempt nothing is kept, because the next attempt downloads it again.
 */
export function createRefusedFiles(options: {
  storage: VideoStorage;
  videoId: string;
  jobId: string;
  isLast: boolean;
}): RefusedFiles {
  const { storage, isLast, ...of } = options;
  let kept: KeptFile | undefined;
  let text: string | undefined;
  return {
    add: async (file, sha256) => {
      const staged = file.stagedFile();
      const ending = isLast && !kept ? await endingOf(file) : null;
      if (ending === null) return file.discard();
      const key = quarantineKey({ ...of, ending });
      const { sizeBytes } = staged;
      await staged.commit(key);
      await file.discard();
      kept = { key, uri: storage.uriOf(key), sizeBytes, sha256 };
    },
    note: (evidence) => {
      text ??= evidence;
    },
    settle: async () => {
      if (!isLast || kept || text === undefined) return kept;
      const key = quarantineKey({ ...of, ending: '.txt' });
      const bytes = Buffer.from(text);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await storage.writeSmall(key, bytes);
      return { key, uri: storage.uriOf(key), sizeBytes: bytes.length, sha256 };
    },
    drop: async () => {
      // The video is stored, so a leftover file does no harm.
      if (kept) await storage.remove(kept.key).catch(() => {});
    },
  };
}

/** Null if there is no video to keep: the file is empty, or a text. */
async function endingOf(file: StagedVideo): Promise<string | null> {
  const head = Buffer.from(await file.stagedFile().readAt(0, 512));
  if (head.length === 0 || isText(head, 'text/plain')) return null;
  if (beginsAsMp4(head)) return '.mp4';
  return beginsAsMatroska(head) ? '.mkv' : '.bin';
}
