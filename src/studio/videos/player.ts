import { html } from 'hono/html';
import { cutText } from '../../contract/cut-text.ts';
import { videoEndings } from '../../contract/stored-video.ts';
import { bytesText } from '../components/bytes.ts';
import type { Shown } from '../components/expected.ts';
import type { Html } from '../page/layout.ts';
import { inLanguage } from '../texts/in-language.ts';
import { videoTexts } from '../texts/video.ts';
import type { StudioVideo } from './read-video.ts';
import { shortId } from './short-id.ts';
import { videoPath } from './video-paths.ts';

const longestNameBytes = 100;

/** The player and the download of a stored video. */
export function player(video: StudioVideo, { lang }: Shown): Html {
  const texts = inLanguage(videoTexts, lang);
  const { videoId, status, hasFile } = video;
  const { video: file, phase } = status;
  if (!file || phase !== 'stored') return html``;
  if (!hasFile) return html`<p class="notice warn">${texts.fileGone}</p>`;
  const path = videoPath(videoId, 'content');
  return html`<video
      class="player"
      id="player"
      controls
      playsinline
      preload="metadata"
      aria-label="${texts.play}"
      width="${file.width}"
      height="${file.height}"
      src="${path}#t=0.001"
    ></video>
    <p class="row">
      <a class="button" href="${path}" download="${fileName(videoId, file)}"
        >${texts.download} <small>${bytesText(file.sizeBytes)}</small></a
      >
    </p>`;
}

/** The name under which browsers save the file of a video, e.g. `spring-7.mp4`. */
export function fileName(
  videoId: string,
  { contentType }: { contentType: keyof typeof videoEndings },
): string {
  const name = shortId(videoId)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:"%*<>?|\s]+/gu, '-')
    .replace(/^[-.]+/, '');
  return (cutText(name, { bytes: longestNameBytes }) || 'video') + videoEndings[contentType];
}
