import type { ClientInterceptors } from '@temporalio/client';
import { withTrace } from '../../contract/trace-context.ts';
import type { TracerOptions } from './tracer.ts';

export interface ClientTracing {
  interceptors: ClientInterceptors;
  shutdown(): Promise<void>;
}

/** Adds a span around each start of a workflow, as the parent of the run. */
export async function clientTracing(options: TracerOptions): Promise<ClientTracing> {
  const { createTracer } = await import('./tracer.ts');
  const tracer = createTracer(options);
  return {
    interceptors: {
      workflow: [
        {
          startWithDetails: async (input, next) => {
            const { workflowId } = input.options;
            const span = tracer.begin({
              name: `StartWorkflow:${input.workflowType}`,
              kind: 'client',
              attributes: { temporalWorkflowID: workflowId },
            });
            try {
              const headers = withTrace(input.headers, span.span);
              const started = await next({ ...input, headers });
              span.end('ok', { error: false });
              return started;
            } catch (error) {
              span.end('failed', { error: true });
              throw error;
            }
          },
        },
      ],
    },
    shutdown: () => tracer.shutdown(),
  };
}
