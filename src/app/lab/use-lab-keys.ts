import { useEffect } from 'react';
import { choose, goBack, goOn, useCourse } from './lessons/course.ts';
import { playOn, stopPlaying, usePlayback } from './playback.ts';
import { isGoing, pause, reset, stepOnce, train } from './runs.ts';
import { readLab } from './state.ts';

/** Keys that work in the lab where they write into no field and press no button. */
export function useLabKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { ctrlKey, metaKey, altKey, key, target } = event;
      if (event.defaultPrevented || ctrlKey || metaKey || altKey || isWorked(target, key)) return;
      const { lesson } = useCourse.getState();
      if (lesson && takesLesson(key)) event.preventDefault();
      else if (key === ' ') {
        event.preventDefault();
        const { recordings, playing } = usePlayback.getState();
        if (recordings.length > 0) {
          if (playing) stopPlaying();
          else playOn();
          return;
        }
        if (lesson) return;
        if (readLab().runs.some(isGoing)) void pause();
        else train();
      } else if (lesson || usePlayback.getState().recordings.length > 0) return;
      else if (key === 's') stepOnce();
      else if (key === 'r') reset();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** What is worked with arrows. */
const TURNED =
  'select, [role="tab"], [role="slider"], [role="radio"], [role="application"], canvas, svg, [data-keys]';

/** Whether the lesson knows the key: a number chooses, Enter and arrows go on and back. */
function takesLesson(key: string): boolean {
  if (/^[1-9]$/.test(key)) choose(Number(key) - 1);
  else if (key === 'Enter' || key === 'ArrowRight') goOn();
  else if (key === 'ArrowLeft') goBack();
  else return false;
  return true;
}

/** Whether the key is of what has the focus: a letter of a field, the space bar of a button, the arrows of a slider. */
function isWorked(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="listbox"], [role="menu"], textarea')) return true;
  if (target instanceof HTMLInputElement) {
    return key === ' ' || (target.type !== 'checkbox' && target.type !== 'radio');
  }
  if (key.startsWith('Arrow')) return target.closest(TURNED) !== null;
  return (
    (key === ' ' || key === 'Enter') && target.closest('button, a, summary, select, [role="tab"]') !== null
  );
}
