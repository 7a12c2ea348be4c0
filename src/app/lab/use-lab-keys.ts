import { useEffect } from 'react';
import { playOn, stopPlaying, usePlayback } from './playback.ts';
import { isGoing, pause, reset, stepOnce, train } from './runs.ts';
import { readLab } from './state.ts';

/** Keys that work in the lab where they write into no field and press no button. */
export function useLabKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { ctrlKey, metaKey, altKey, key, target } = event;
      if (event.defaultPrevented || ctrlKey || metaKey || altKey || isWorked(target, key)) return;
      if (key === ' ') {
        event.preventDefault();
        const { recordings, playing } = usePlayback.getState();
        if (recordings.length > 0) {
          if (playing) stopPlaying();
          else playOn();
          return;
        }
        if (readLab().runs.some(isGoing)) pause();
        else train();
      } else if (usePlayback.getState().recordings.length > 0) return;
      else if (key === 's') stepOnce();
      else if (key === 'r') reset();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Whether the key is of what has the focus: a letter of a field, the space bar of a button. */
function isWorked(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="listbox"], [role="menu"], textarea')) return true;
  if (target instanceof HTMLInputElement) {
    return key === ' ' || (target.type !== 'checkbox' && target.type !== 'radio');
  }
  return key === ' ' && target.closest('button, a, summary, select, [role="tab"]') !== null;
}
