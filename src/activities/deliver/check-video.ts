import type { VideoRequest } from '../../contract/video-request.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { beginsAsMatroska, checkSegment } from '../../mp4/matroska-segment.ts';
import { beginsAsMp4, type Mp4Defect, walkMp4Boxes } from '../../mp4/boxes.ts';
import { type CheckedFile, checkIndex } from '../../mp4/check-index.ts';
import { readContainer, type VideoFacts, type WalkedMp4 } from './read-container.ts';

/** Vendors round lengths to whole frames and seconds. */
const durationSlackSeconds = 1;

/**
 * `strict` delivers only files that are shown to be complete. `lenient` also delivers, with a warning, files that
 * only their index contradicts: short audio, inconsistent tables, or no proof that the end has arrived. Neither
 * delivers a file that is not a video or lacks bytes.
 */
export type VideoChecks = 'strict' | 'lenient';

export type CheckedVideo = VideoFacts & { warnings: string[] };

/**
 * Decides from the bytes of a downloaded file whether it is the complete video: it compares the sizes in the file
 * with the file size and the index with the media data, and reads the tracks and their lengths. If the video differs
 * from the request it is delivered with a warning: the gateway may round.
 *
 * @throws {GatewayError} `truncated` or `not_video`
 * @throws {StorageError} The file could not be read, which says nothing about the video.
 */
export async function checkVideo(
  file: CheckedFile,
  { checks, request }: { checks: VideoChecks; request?: VideoRequest | undefined },
): Promise<CheckedVideo> {
  const { doubts, walked } = await walkFile(file);
  const facts = await readContainer(file, walked);
  const [doubt] = doubts;
  if (doubt && checks === 'strict') throw new GatewayError(doubt.kind, doubt.message);
  const doubtful = doubts.map(({ message }) => message);
  return { ...facts, warnings: [...doubtful, ...(request ? differences(facts, request) : [])] };
}

/** Findings about a file that can still be read as a video. */
interface Walk {
  doubts: Mp4Defect[];
  walked?: WalkedMp4;
}

/** @throws {GatewayError} if bytes are missing, or the index is not safe for mediabunny to read. */
async function walkFile(file: CheckedFile): Promise<Walk> {
  const head = Buffer.from(await file.readAt(0, 16));
  if (file.sizeBytes > 0 && !beginsAsMp4(head)) return walkOther(file, head);
  const { boxes, defect, oddEnd } = await walkMp4Boxes(file.readAt, file.sizeBytes);
  if (defect) throw new GatewayError(defect.kind, defect.message);
  const { doubt, videoSeconds, isReadable } = await checkIndex(file, boxes);
  if (doubt && !isReadable) throw new GatewayError(doubt.kind, doubt.message);
  const ftyp = boxes.find(({ type }) => type === 'ftyp');
  const brand = ftyp && Buffer.from(await file.readAt(ftyp.bodyStart, 4)).toString('latin1');
  const isQuickTime = brand === undefined ? !hasFragments(boxes) : brand === 'qt  ';
  const contentType = isQuickTime ? 'video/quicktime' : 'video/mp4';
  const odd: Mp4Defect[] = oddEnd === undefined ? [] : [{ kind: 'truncated', message: oddEnd }];
  return {
    doubts: [...odd, ...(doubt ? [doubt] : [])],
    walked: { contentType, videoSeconds },
  };
}

function hasFragments(boxes: { type: string }[]): boolean {
  return boxes.some(({ type }) => type === 'moof');
}

async function walkOther(file: CheckedFile, head: Buffer): Promise<Walk> {
  if (!beginsAsMatroska(head)) return { doubts: file.provenWhole ? [] : [openEnd()] };
  const segment = await checkSegment(file);
  if (segment.defect) throw new GatewayError(segment.defect.kind, segment.defect.message);
  return { doubts: segment.isCounted || file.provenWhole ? [] : [openEnd()] };
}

function openEnd(): Mp4Defect {
  return { kind: 'truncated', message: 'Nothing proves that the end of the file arrived' };
}

function differences(facts: VideoFacts, { body }: VideoRequest): string[] {
  const warnings: string[] = [];
  const requested = Number(body.seconds ?? body.duration);
  if (requested > 0 && Math.abs(facts.durationSeconds - requested) > durationSlackSeconds) {
    warnings.push(`The video is ${facts.durationSeconds} s long, ${requested} s were requested`);
  }
  const size = typeof body.size === 'string' ? /^(\d+)[x*](\d+)$/.exec(body.size) : null;
  if (size && (Number(size[1]) !== facts.width || Number(size[2]) !== facts.height)) {
    warnings.push(
      `The video is ${facts.width}x${facts.height}, ${size[1]}x${size[2]} was requested`,
    );
  }
  return warnings;
}
