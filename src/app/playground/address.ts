import { create } from 'zustand';

/** `?playground` in the address opens it, so that a lesson can link to it; its value names the part to begin with. */
const NAME = 'playground';

interface Opened {
  readonly open: boolean;
  /** Loaded at the first opening, and then kept. */
  readonly wasOpened: boolean;
}

const isAsked = (): boolean => new URLSearchParams(location.search).has(NAME);

export const usePlayground = create<Opened>(() => ({ open: isAsked(), wasOpened: isAsked() }));

// Back on a phone closes what was opened.
window.addEventListener('popstate', follow);

export function openPlayground(): void {
  if (isAsked()) return;
  history.pushState({ [NAME]: true }, '', withPart(''));
  follow();
}

export function closePlayground(): void {
  if (history.state?.[NAME]) {
    history.back();
    return;
  }
  history.replaceState(null, '', withPart(null));
  follow();
}

export const askedPart = (): string => new URLSearchParams(location.search).get(NAME) ?? '';

/** Names the part that is shown in the address, for whoever copies it. */
export function namePart(part: string): void {
  history.replaceState(history.state, '', withPart(part));
}

function withPart(part: string | null): URL {
  const url = new URL(location.href);
  if (part === null) url.searchParams.delete(NAME);
  else url.searchParams.set(NAME, part);
  return url;
}

function follow(): void {
  const open = isAsked();
  usePlayground.setState(open ? { open, wasOpened: true } : { open });
}
