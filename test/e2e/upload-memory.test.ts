import { describe, expect, test } from 'vitest';
import { maxImageBytes } from '../../src/contract/stored-inputs.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { bodyServer } from '../serve/bodies/body-server.ts';
import { formHeaders, largeForm, png } from '../serve/bodies/bodies.ts';

/** What one process may grow by while it sends and reads 500 MB. A body that is held in memory takes all of it. */
const maxGrowthBytes = 200 * 1024 * 1024;

describe('500 MB of uploads at once do not grow the memory', () => {
  test.each([
    { count: 5, sizeBytes: 100_000_000, status: 400, storedFiles: 0 },
    { count: 24, sizeBytes: maxImageBytes, status: 200, storedFiles: 24 },
  ])(
    '$count × $sizeBytes bytes, answered with $status',
    { timeout: 120_000 },
    async ({ count, sizeBytes, status, storedFiles }) => {
      const { storage, files } = await tempStorage();
      const { url } = await bodyServer(storage);
      const measured = measureGrowth();
      const sends = Array.from({ length: count }, async (_, at) => {
        const start = Buffer.concat([png, Buffer.from(`image ${at}`)]);
        const body = largeForm(sizeBytes, start);
        const init = { method: 'POST', headers: formHeaders, body, duplex: 'half' };
        const response = await fetch(url, init as RequestInit);
        await response.arrayBuffer();
        return response.status;
      });
      expect(await Promise.all(sends)).toEqual(sends.map(() => status));
      expect(measured.stop()).toBeLessThan(maxGrowthBytes);
      expect(await files()).toHaveLength(storedFiles);
    },
  );
});

/** Samples the resident memory of this process, client and server. */
function measureGrowth(): { stop(): number } {
  const before = process.memoryUsage.rss();
  let most = before;
  const sample = () => (most = Math.max(most, process.memoryUsage.rss()));
  const timer = setInterval(sample, 20);
  return {
    stop: () => {
      clearInterval(timer);
      sample();
      return most - before;
    },
  };
}
