/** Number and size of some files. */
export function fileTotal(files: { sizeBytes: number }[]): { count: number; sizeBytes: number } {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { count: files.length, sizeBytes };
}
