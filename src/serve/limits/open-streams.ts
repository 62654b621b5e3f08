import type { Tenant } from '../tenants/tenant.ts';

/** Streams that are open per id, e.g. of server-sent events per API key. */
export interface OpenStreams {
  /** Counts one more stream. Returns a function that ends it, or null if the id has as many as it may have, `most`. */
  open(id: string, most?: number): (() => void) | null;
  /** How many streams of the id are open. */
  count(id: string): number;
  /** Open streams of all ids. */
  readonly size: number;
}

/** Who holds a stream: an API key. All callers of a server without keys count as one. */
export function streamHolder({ keyId }: Tenant): string {
  return keyId ?? 'none';
}

/** @param max Streams of one id that may be open at the same time, in this process. */
export function createOpenStreams(max: number): OpenStreams {
  const open = new Map<string, number>();
  const count = (id: string) => open.get(id) ?? 0;
  return {
    count,
    get size() {
      return [...open.values()].reduce((sum, one) => sum + one, 0);
    },
    open(id, most = max) {
      if (count(id) >= most) return null;
      open.set(id, count(id) + 1);
      let isOpen = true;
      // Abort and end of a stream may both call it.
      return () => {
        if (!isOpen) return;
        isOpen = false;
        const left = count(id) - 1;
        if (left === 0) open.delete(id);
        else open.set(id, left);
      };
    },
  };
}
