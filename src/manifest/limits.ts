/** A manifest of 20,000 full rows has a few MiB; more is surely another file. */
export const maxManifestBytes = 32 * 1024 * 1024;

/** Each row is a paid video: more than this in one go is surely a mistake. */
export const maxManifestRows = 20_000;

/** Deeper nesting is no model's metadata, and would overflow the stack of whoever walks through it. */
export const maxDepth = 100;

export const tooManyRows = `it has more than ${maxManifestRows} rows: split it into several`;
