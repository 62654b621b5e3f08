import { videoEndings } from '../../contract/stored-video.ts';
import type { ServedFile } from '../content/serve-file.ts';
import { ApiError } from '../http/api-error.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { findVideo } from './find-video.ts';

/** The stored file of a tenant's video. @throws {ApiError} 404; 400 `not_ready` | `not_stored` */
export async function videoContent(
  ports: Pick<ServePorts, 'read' | 'storage'>,
  tenant: Tenant,
  id: string,
): Promise<ServedFile> {
  const { status, completedAt } = await findVideo(ports, tenant, id);
  const { phase, video: file } = status;
  if (phase === 'failed' || phase === 'cancelled') {
    const message = `The video has no file: its phase is "${phase}"; GET /v1/videos/{id} says why`;
    throw new ApiError(400, 'not_stored', { message, param: 'id' });
  }
  if (phase !== 'stored' || !file) {
    const message = `The video is not stored yet, its phase is "${phase}"; poll GET /v1/videos/{id} until it is completed`;
    throw new ApiError(400, 'not_ready', { message, param: 'id' });
  }
  return {
    file,
    fileName: id + videoEndings[file.contentType],
    ...(completedAt !== null && { lastModified: new Date(completedAt * 1_000) }),
  };
}
