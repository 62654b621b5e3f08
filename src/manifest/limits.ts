/** A manifest of 20,000 full rows has a few MiB. A larger file is probably not a manifest. */
export const maxManifestBytes = 32 * 1024 * 1024;

/** Each row is a paid video, so more rows in one batch are probably a mistake. */
export const maxManifestRows = 20_000;

/** No model's metadata is nested deeper. Deeper nesting would overflow the stack of recursive readers. */
export const maxDepth = 100;

export const tooManyRows = `it has more than ${maxManifestRows} rows: split it into several`;
