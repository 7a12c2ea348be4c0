// The number goes up when tiles or trials change, so that old choices are made again.
const KEY = 'nearfield kernel choices 1';

const inMemory = new Map<string, string>();

/**
 * The tile that was once found fastest, by its name. Kept in memory and, where there is one, in the browser's storage: a
 * choice that changed from visit to visit could change the last digits of results.
 */
export function recallTile(key: string): string | undefined {
  return inMemory.get(key) ?? readStored().get(key);
}

export function rememberTile(key: string, name: string): void {
  inMemory.set(key, name);
  try {
    globalThis.localStorage?.setItem(KEY, JSON.stringify(Object.fromEntries([...readStored(), [key, name]])));
  } catch {
    // Storage may be full or forbidden: then the choice lasts as long as the page.
  }
}

/** What is damaged counts as nothing. */
function readStored(): Map<string, string> {
  try {
    const stored: unknown = JSON.parse(globalThis.localStorage?.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return new Map();
    return new Map(
      Object.entries(stored).flatMap(([key, name]) => (typeof name === 'string' ? [[key, name]] : [])),
    );
  } catch {
    return new Map();
  }
}
