/** A page that takes longer says so, and follows when it is read. */
export const patienceMs = 2_000;

/** The value, or null if it takes longer than that. The read continues. */
export async function inTime<T>(
  value: Promise<T>,
  { waitMs = patienceMs }: { waitMs?: number } = {},
): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), waitMs);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
