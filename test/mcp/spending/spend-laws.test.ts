import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createObjects, minute, request, spendingHarness } from './spending-harness.ts';

const digests = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
const key = fc.constantFrom('k1', 'k2', undefined);

/** Processes; every step of one may come between those of the others. */
function racing(scheduler: fc.Scheduler, standing: { money: number } | { videos: number } | null) {
  const objects = createObjects(() => scheduler.schedule(Promise.resolve()));
  return spendingHarness({ standing }, objects);
}

test('whatever agents call, and however their processes race, the reservations never exceed the cap', async () => {
  const call = fc.record({
    process: fc.integer({ min: 0, max: 2 }),
    digest: fc.constantFrom(...digests),
    key,
    cents: fc.integer({ min: 0, max: 300 }),
    withToken: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(call, { minLength: 1, maxLength: 8 }),
      fc.constantFrom({ money: 3 }, { money: 5 }, { videos: 2 }),
      async (scheduler, calls, cap) => {
        const { newProcess } = racing(scheduler, cap);
        const processes = [newProcess(), newProcess(), newProcess()];
        const checks = calls.map(async ({ process, digest, key: given, cents, withToken }) => {
          const permissions = processes[process] ?? newProcess();
          const money = cents / 100;
          const asked = { ...request, digest, money, ...(given !== undefined && { key: given }) };
          const confirm = withToken ? (await permissions.offer(asked)).confirm : undefined;
          return { permission: await permissions.check(asked, confirm), digest, money };
        });
        const done = await scheduler.waitFor(Promise.all(checks));
        // What is started with one key is one video, and costs at most the dearest that was permitted.
        const videos = new Map<string, number>();
        for (const { permission, digest, money } of done) {
          if (!permission.ok) continue;
          const video = `${permission.key}/${digest}`;
          videos.set(video, Math.max(videos.get(video) ?? 0, money));
        }
        const spent = [...videos.values()].reduce((sum, money) => sum + money, 0);
        if ('videos' in cap) expect(videos.size).toBeLessThanOrEqual(cap.videos);
        else expect(spent).toBeLessThanOrEqual(cap.money + 1e-9);
      },
    ),
    { numRuns: 300 },
  );
});

test('whatever agents and people do, and whenever, a token is one video, and none without an approval that counts', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('check' as const), key, minutes: fc.nat(7) }),
    fc.record({ kind: fc.constant('approve' as const), key, minutes: fc.nat(12) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
      async (scheduler, rounds) => {
        const { newProcess, permissions, approve, clock, objects } = racing(scheduler, null);
        const { confirm, code } = await scheduler.waitFor(permissions.offer(request));
        const keys = new Set<string>();
        let usedAt: number | null = null;
        const run = async ({ kind, key: given }: Step) => {
          if (kind === 'approve') return void (await approve(code));
          const asked = { ...request, ...(given !== undefined && { key: given }) };
          const permission = await newProcess().check(asked, confirm);
          if (!permission.ok) return;
          keys.add(permission.key);
          const approval = [...objects].find(([name]) => name.endsWith('/approval.json'))?.[1];
          expect(approval).toBeDefined();
          usedAt ??= clock.ms;
          expect(usedAt).toBeLessThan((approval?.modifiedAt ?? 0) + 10 * minute);
        };
        // The steps of a round race; time passes between rounds.
        for (const round of rounds) {
          clock.ms += Math.max(...round.map(({ minutes }) => minutes)) * minute;
          await scheduler.waitFor(Promise.all(round.map(run)));
        }
        expect(keys.size).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 300 },
  );
});

interface Step {
  kind: 'check' | 'approve';
  key: string | undefined;
}

test('a token is one video, however approvals, answers and the standing permission race for it', async () => {
  const step = fc.record({ kind: fc.constantFrom('check', 'approve', 'agree'), key });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(step, { minLength: 2, maxLength: 8 }),
      fc.constantFrom({ money: 1 }, { videos: 1 }, { money: 10 }, null),
      async (scheduler, steps, standing) => {
        const { newProcess, permissions, approve } = racing(scheduler, standing);
        const { confirm, code } = await scheduler.waitFor(permissions.offer(request));
        const videos = steps.map(async ({ kind, key: given }, index): Promise<string[]> => {
          const process = newProcess();
          if (kind === 'approve') await approve(code);
          if (kind === 'approve') return [];
          if (kind === 'agree') {
            const asked = given ?? `asked-${index}`;
            return [await process.agreed(request, { confirm, key: asked })];
          }
          const asked = { ...request, ...(given !== undefined && { key: given }) };
          const permission = await process.check(asked, confirm);
          return permission.ok ? [permission.key] : [];
        });
        const keys = await scheduler.waitFor(Promise.all(videos));
        expect(new Set(keys.flat()).size).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 300 },
  );
});
