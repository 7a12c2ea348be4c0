import type { Id } from '../../data/item.ts';

/**
 * Results by what they were made with and of which items, the last used ones; so that what was seen once is not
 * computed again, also when items went and came back.
 */
export class Kept<T> {
  private readonly entries: { readonly key: string; readonly ids: readonly Id[]; readonly value: T }[] = [];

  constructor(private readonly most: number) {}

  get(key: string, ids: readonly Id[]): T | undefined {
    const at = this.find(key, ids);
    if (at < 0) return undefined;
    const [entry] = this.entries.splice(at, 1);
    if (entry) this.entries.push(entry);
    return entry?.value;
  }

  /** What was kept of the first of these items: the most of them that there is. */
  startOf(key: string, ids: readonly Id[]): { readonly ids: readonly Id[]; readonly value: T } | undefined {
    const fits = this.entries.filter((entry) => entry.key === key && isStart(entry.ids, ids));
    const longest = fits.reduce<(typeof fits)[number] | undefined>(
      (most, entry) => (most && most.ids.length >= entry.ids.length ? most : entry),
      undefined,
    );
    return longest;
  }

  delete(key: string, ids: readonly Id[]): void {
    const at = this.find(key, ids);
    if (at >= 0) this.entries.splice(at, 1);
  }

  set(key: string, ids: readonly Id[], value: T): void {
    this.delete(key, ids);
    this.entries.push({ key, ids, value });
    if (this.entries.length > this.most) this.entries.shift();
  }

  clear(): void {
    this.entries.length = 0;
  }

  private find(key: string, ids: readonly Id[]): number {
    return this.entries.findIndex((entry) => entry.key === key && sameIds(entry.ids, ids));
  }
}

/** Whether these are the same items in the same order. */
export function sameIds(a: readonly Id[], b: readonly Id[]): boolean {
  return a === b || (a.length === b.length && isStart(a, b));
}

function isStart(a: readonly Id[], b: readonly Id[]): boolean {
  return a.length <= b.length && a.every((id, row) => id === b[row]);
}
