/**
 * What is behind a model's id can change while the page is open: a newer version is loaded, its weights are made smaller. What is kept of a
 * model's vectors is kept under its version, too.
 */
const known = new Map<string, { readonly keys: string[]; now: number }>();
const listeners = new Set<(model: string) => void>();

/** A number that stands for the files that a model's vectors are made by now; the same files, the same number. */
export function versionOf(model: string): number {
  return known.get(model)?.now ?? 0;
}

/** What a model's embeddings are cached under now, as far as it was said. */
export function knownKey(model: string): string | undefined {
  return known.get(model)?.keys[versionOf(model)];
}

/**
 * To be said where a model's files are looked up, come into use, or change.
 *
 * @param key what its embeddings are cached under
 */
export function modelIsNow(model: string, key: string): void {
  const versions = known.get(model) ?? { keys: [key], now: 0 };
  known.set(model, versions);
  if (!versions.keys.includes(key)) versions.keys.push(key);
  const now = versions.keys.indexOf(key);
  if (now === versions.now) return;
  versions.now = now;
  for (const listener of listeners) listener(model);
}

/** Hears of every model that is another version now. @returns what ends it */
export function onOtherVersion(listener: (model: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
