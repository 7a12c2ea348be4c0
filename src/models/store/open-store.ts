import { createMemoryStore } from './memory-store.ts';
import type { ModelStore } from './model-store.ts';
import { openOpfsStore } from './opfs-store.ts';

/**
 * The store of models: in the browser's own file system, or in memory (`persistent` is false then) where the browser gives this page
 * none, as some do in private windows and in pages not served securely.
 */
export async function openModelStore(name = 'nearfield-models'): Promise<ModelStore> {
  try {
    return await openOpfsStore(name);
  } catch {
    return createMemoryStore();
  }
}
