import { useEffect } from 'react';
import { addPasted } from './commands/add.ts';
import { act } from './jobs.ts';

/** Pasted pictures, files and text become items, unless the paste goes into a field. */
export function usePaste(): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const target = event.target;
      const inField =
        target instanceof HTMLElement &&
        (target.isContentEditable ||
          target instanceof HTMLInputElement ||
          target instanceof HTMLTextAreaElement);
      if (inField || !event.clipboardData) return;
      event.preventDefault();
      const data = event.clipboardData;
      act(() => addPasted(data));
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, []);
}
