import { useEffect, useRef, useState } from 'react';

// A key held down moves many times a second; only where it ends is worth saying.
const PAUSE_MS = 400;

/** A text for a live region, which changes when a series of calls has ended. */
export function useAnnouncer(): readonly [text: string, announce: (text: string) => void] {
  const [text, setText] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const announce = (next: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setText(next), PAUSE_MS);
  };
  return [text, announce];
}
