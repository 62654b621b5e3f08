/** The memory that all downloads of a worker may fill together. With more downloads than blocks, each has one. */
const maxPoolBytes = 32 * 1024 * 1024;
/**
 * What stays for the next download while there is none. Without it, each short video takes a new block, and the garbage
 * collector, which sees small objects only, frees them hundreds of MB later.
 */
const keptBytes = 8 * 1024 * 1024;

export interface BlockPool {
  /** Bytes of all blocks that are taken at the moment. */
  readonly takenBytes: number;
  /** For one transfer, which must close it. */
  open(blockBytes: number): BlockLease;
}

export interface BlockLease {
  /** Waits for a block of shared memory. The first one is given at once; others wait for the limit, in turn. */
  take(): Promise<Uint8Array>;
  give(block: Uint8Array): void;
  /** Gives all blocks back. Nothing may use them any more. */
  close(): void;
}

interface Lease {
  blockBytes: number;
  taken: Set<Uint8Array>;
}

interface Waiter {
  lease: Lease;
  resolve: (block: Uint8Array) => void;
}

interface Pool {
  maxBytes: number;
  leases: Set<Lease>;
  waiters: Waiter[];
  /** Kept within the limit for the next `take`, until the last lease is closed. */
  unused: Uint8Array[];
  takenBytes: number;
}

/**
 * A transfer that has no block never waits, because a block that is held by a silent server may not come back for a long
 * time. Thus no transfer can keep others from making progress.
 */
export function createBlockPool(maxBytes = maxPoolBytes): BlockPool {
  const pool: Pool = { maxBytes, leases: new Set(), waiters: [], unused: [], takenBytes: 0 };
  return {
    get takenBytes() {
      return pool.takenBytes;
    },
    open: (blockBytes) => {
      const lease: Lease = { blockBytes, taken: new Set() };
      pool.leases.add(lease);
      return {
        take: () =>
          new Promise((resolve) => {
            pool.waiters.push({ lease, resolve });
            serve(pool);
          }),
        give: (block) => give(pool, lease, block),
        close: () => {
          pool.waiters = pool.waiters.filter((waiter) => waiter.lease !== lease);
          pool.leases.delete(lease);
          for (const block of lease.taken) give(pool, lease, block);
          if (pool.leases.size === 0) keepFew(pool);
          serve(pool);
        },
      };
    },
  };
}

function give(pool: Pool, { taken }: Lease, block: Uint8Array): void {
  if (!taken.delete(block)) return;
  pool.takenBytes -= block.length;
  pool.unused.push(block);
  const firstBytes = [...pool.leases].reduce((sum, { blockBytes }) => sum + blockBytes, 0);
  const unusedBytes = pool.unused.reduce((sum, { length }) => sum + length, 0);
  // What is used again is not left to the garbage collector, which is late.
  if (pool.takenBytes + unusedBytes > Math.max(pool.maxBytes, firstBytes)) pool.unused.shift();
  serve(pool);
}

function keepFew(pool: Pool): void {
  let bytes = 0;
  pool.unused = pool.unused.filter(({ length }) => (bytes += length) <= keptBytes);
}

function serve(pool: Pool): void {
  for (let waiter = nextWaiter(pool); waiter; waiter = nextWaiter(pool)) {
    pool.waiters.splice(pool.waiters.indexOf(waiter), 1);
    const block = unusedOrNew(pool, waiter.lease);
    waiter.lease.taken.add(block);
    pool.takenBytes += block.length;
    waiter.resolve(block);
  }
}

function nextWaiter(pool: Pool): Waiter | undefined {
  const [first] = pool.waiters;
  if (first && hasRoom(pool, first.lease)) return first;
  return pool.waiters.find(({ lease }) => lease.taken.size === 0);
}

/** The first block of each transfer is reserved. */
function hasRoom({ leases, takenBytes, maxBytes }: Pool, { blockBytes }: Lease): boolean {
  const without = [...leases].filter(({ taken }) => taken.size === 0);
  const reservedBytes = without.reduce((sum, lease) => sum + lease.blockBytes, 0);
  return takenBytes + reservedBytes + blockBytes <= maxBytes;
}

function unusedOrNew({ unused }: Pool, { blockBytes }: Lease): Uint8Array {
  const at = unused.findIndex(({ length }) => length === blockBytes);
  const [block] = at === -1 ? [] : unused.splice(at, 1);
  return block ?? new Uint8Array(new SharedArrayBuffer(blockBytes));
}
