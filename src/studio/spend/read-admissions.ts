import { admissionWorkflowType, type AdmissionStatus } from '../../contract/admission.ts';
import { createSharedRead } from '../page/shared-read.ts';
import type { StudioPorts } from '../ports.ts';

/** The admission of a gateway account, or why it cannot be read; `problem` is null if it has ended. */
export type ReadAdmission = { id: string } & (
  | { status: AdmissionStatus; problem: null }
  | { status: null; problem: string | null }
);

const query = `WorkflowType = '${admissionWorkflowType}' AND ExecutionStatus = 'Running'`;
/** One per gateway account; few have more than two. */
const most = 20;
const keptMs = 5_000;

/** Workflow ids of the admissions that run. */
export async function listAdmissions({
  temporal,
}: Pick<StudioPorts, 'temporal'>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: most })) {
    ids.push(workflowId);
    if (ids.length === most) break;
  }
  return ids.toSorted();
}

/** Reads all admissions. Viewers share a read for some seconds. */
export function createAdmissionReader(
  ports: Pick<StudioPorts, 'temporal' | 'videos' | 'now'>,
): (key: 'all') => Promise<ReadAdmission[]> {
  return createSharedRead({ keptMs, now: ports.now, read: () => readAll(ports) });
}

async function readAll(ports: Pick<StudioPorts, 'temporal' | 'videos'>): Promise<ReadAdmission[]> {
  const ids = await listAdmissions(ports);
  return Promise.all(ids.map((id) => readAdmission(ports, id)));
}

/** Reads one admission. */
export async function readAdmission(
  { videos }: Pick<StudioPorts, 'videos'>,
  id: string,
): Promise<ReadAdmission> {
  try {
    const status = await videos.limits.status(id);
    if (status) return { id, status, problem: null };
    return { id, status: null, problem: null };
  } catch (error) {
    return { id, status: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
