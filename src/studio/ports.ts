import type { ServeEnv, ServePorts } from '../serve/ports.ts';
import type { Lang } from './texts/in-language.ts';

/** What the pages work with: the ports of the HTTP API, because both are served by one process. */
export interface StudioPorts extends ServePorts {
  /** Namespace of the Temporal server. */
  namespace: string;
  /** Address of the Temporal UI, without a slash at the end. Pages link to it. */
  temporalUi?: string;
}

/** Hono's types of one request. */
export interface StudioEnv {
  Variables: ServeEnv['Variables'] & { lang: Lang };
}
