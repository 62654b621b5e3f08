/** Waits for all steps, also after a failure: then nothing uses their bytes any more. Rejects with the first error. */
export async function allEnded(steps: Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(steps);
  await Promise.all(steps);
}
