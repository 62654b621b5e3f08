import { createHash } from 'node:crypto';
import type { KeptFile } from '../../contract/failure.ts';
import { isText } from '../../gateway/transport/peek-body.ts';
import { quarantineKey } from '../../identity/object-key.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { beginsAsMatroska } from '../../mp4/matroska-segment.ts';
import { beginsAsMp4 } from '../../mp4/boxes.ts';
import type { StagedVideo } from './staged-video.ts';

/** What an attempt received in place of a whole video. */
export interface RefusedFiles {
  /** Takes a sealed file that did not pass the checks; afterwards nothing of it is staged. */
  take(file: StagedVideo, sha256: string): Promise<void>;
  /** Takes the text of an answer that was no video. */
  note(evidence: string | undefined): void;
  /** What is kept in the end: the first file, else the first text. */
  settle(): Promise<KeptFile | undefined>;
  /** Another address gave the whole video. */
  drop(): Promise<void>;
}

/**
 * On the last attempt, what was paid for is not thrown away, whatever it is: a person may play what our checks refuse, or
 * show the vendor what came. Before that, the next attempt fetches it again.
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
    take: async (file, sha256) => {
      const staged = file.take();
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
      // The video is there: what stays beside it harms nobody.
      if (kept) await storage.remove(kept.key).catch(() => {});
    },
  };
}

/** null for what is nobody's video: nothing, or a text. */
async function endingOf(file: StagedVideo): Promise<string | null> {
  const head = Buffer.from(await file.take().readAt(0, 512));
  if (head.length === 0 || isText(head, 'text/plain')) return null;
  if (beginsAsMp4(head)) return '.mp4';
  return beginsAsMatroska(head) ? '.mkv' : '.bin';
}
