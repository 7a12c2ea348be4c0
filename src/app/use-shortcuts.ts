import { useEffect } from 'react';
import { remove } from './commands/remove.ts';
import { clearSearch } from './commands/search.ts';
import { select } from './commands/select.ts';
import { readCompare, writeCompare } from './compare/state.ts';
import { act } from './jobs.ts';
import { lab } from './lab/address.ts';
import { openDialog } from './panels/dialogs.tsx';
import { playground } from './playground/address.ts';
import { readApp, writeApp } from './store.ts';

/** True where keys write into a field or work a dialog, so that they are not the page's. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    // Letters mean nothing to a radio button or a switch.
    (target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox') ||
    target instanceof HTMLTextAreaElement ||
    target.isContentEditable ||
    target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
  );
}

/** Keys that work anywhere on the page; the map has its own when it has the focus. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isCovered()) return;
      const { selection, placement, tool, comparing, matrix } = readApp();
      if (event.key === 'Delete' && selection.length > 0) {
        event.preventDefault();
        act(() => remove(selection));
      } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey) && placement) {
        event.preventDefault();
        select(placement.ids);
      } else if (event.key === 'c' && isAlone(event) && placement) {
        act(async () => (await import('./compare/commands.ts')).toggleCompare());
      } else if (event.key === 'x' && isAlone(event) && placement) {
        act(async () => (await import('./matrix/commands.ts')).toggleMatrix());
      } else if (event.key === 'r' && isAlone(event) && placement) {
        writeApp(({ panel }) => ({ panel: panel === 'measures' ? 'details' : 'measures' }));
      } else if (event.key === 'm' && isAlone(event)) {
        openDialog('models');
      } else if (event.key === 'g' && isAlone(event)) {
        playground.open();
      } else if (event.key === 't' && isAlone(event)) {
        lab.open();
      } else if (event.key === 'l' && isAlone(event) && placement) {
        // Else the letter would be typed into the dialog.
        event.preventDefault();
        openDialog('labels');
      } else if (event.key === 'Escape') {
        if (comparing && readCompare().playing) {
          // Nothing else is to hear of it: the map would drop what is selected.
          event.stopPropagation();
          writeCompare({ playing: undefined });
        } else if (selection.length > 0) select([]);
        else if (matrix) act(async () => (await import('./matrix/commands.ts')).endMatrix());
        else if (comparing && tool === 'navigate') {
          act(async () => (await import('./compare/commands.ts')).endCompare());
        } else {
          clearSearch();
          writeApp({ tool: 'navigate' });
        }
      }
    };
    // On the way down: the map takes Escape for itself, and the page must know what was selected before.
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);
}

/** Whether a dialog lies over the page; the focus may be outside of it, when what held it is gone. */
function isCovered(): boolean {
  return document.querySelector('[aria-modal="true"]') !== null;
}

function isAlone({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && !altKey;
}
