import type { Id } from '../../data/item.ts';

/**
 * Results by what they were made with and of which items, the last used ones; so that what was seen once is not
 * computed again, also when items went and came back.
 */
export class Kept<T> {
  private readonly entries: { readonly key: string; readonly ids: readonly Id[]; readonly value: T }[] = [];

  constructor(private readonly most: number) {}

  get(key: string, ids: readonly Id[]): T | undefined {
    const at = this.entries.findIndex((entry) => entry.key === key && sameIds(entry.ids, ids));
    if (at < 0) return undefined;
    const [entry] = this.entries.splice(at, 1);
    if (entry) this.entries.push(entry);
    return entry?.value;
  }

  set(key: string, ids: readonly Id[], value: T): void {
    this.entries.push({ key, ids, value });
    if (this.entries.length > this.most) this.entries.shift();
  }
}

function sameIds(a: readonly Id[], b: readonly Id[]): boolean {
  return a === b || (a.length === b.length && a.every((id, row) => id === b[row]));
}
