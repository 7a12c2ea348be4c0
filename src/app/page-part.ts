import { create } from 'zustand';

interface Opened {
  readonly open: boolean;
  /** Loaded at the first opening, and then kept. */
  readonly wasOpened: boolean;
}

/** A part that lies over the page and has a name in the address, so that a lesson can link to it. */
export interface PagePart {
  /** As React hook. */
  readonly useOpened: () => Opened;
  readonly isOpen: () => boolean;
  open(section?: string): void;
  close(): void;
  /** The section in the address; empty where there is none. */
  asked(): string;
  /** Names the section that is shown in the address, for whoever copies it. */
  name(section: string): void;
}

/** @param name `?name` in the address opens it; its value names the section to begin with */
export function createPagePart(name: string): PagePart {
  const isAsked = (): boolean => new URLSearchParams(location.search).has(name);
  const store = create<Opened>(() => ({ open: isAsked(), wasOpened: isAsked() }));
  const follow = (): void => {
    const open = isAsked();
    store.setState(open ? { open, wasOpened: true } : { open });
  };
  const withSection = (section: string | null): URL => {
    const url = new URL(location.href);
    if (section === null) url.searchParams.delete(name);
    else url.searchParams.set(name, section);
    return url;
  };
  // Back on a phone closes what was opened.
  window.addEventListener('popstate', follow);
  return {
    useOpened: () => store(),
    isOpen: isAsked,
    open(section = '') {
      if (isAsked()) return;
      history.pushState({ [name]: true }, '', withSection(section));
      follow();
    },
    close() {
      if (history.state?.[name]) {
        history.back();
        return;
      }
      history.replaceState(null, '', withSection(null));
      follow();
    },
    asked: () => new URLSearchParams(location.search).get(name) ?? '',
    name: (section) => history.replaceState(history.state, '', withSection(section)),
  };
}
