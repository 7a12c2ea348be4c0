import { useEffect, useState } from 'react';
import { takeDrop } from '../commands/take-in.ts';
import { act } from '../jobs.ts';

/** Files may be dropped anywhere on the page. */
export function DropOverlay() {
  const [dragging, setDragging] = useState<'nowhere' | 'page' | 'search'>('nowhere');

  useEffect(() => {
    // dragenter and dragleave fire for every element on the way, so they are counted.
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth++;
      const onSearch = event.target instanceof Element && event.target.closest('.search') !== null;
      setDragging(onSearch ? 'search' : 'page');
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setDragging('nowhere');
    };
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const end = () => {
      depth = 0;
      setDragging('nowhere');
    };
    const drop = (event: DragEvent) => {
      const data = event.dataTransfer;
      if (event.defaultPrevented || !data || !hasFiles(event)) return;
      event.preventDefault();
      act(() => takeDrop(data));
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    // The search box takes its own drops and stops them, so the end of a drag is heard on the way down.
    window.addEventListener('drop', end, true);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
      window.removeEventListener('drop', end, true);
    };
  }, []);

  if (dragging === 'nowhere') return null;
  return (
    <div className="drop-overlay">
      <div>{dragging === 'search' ? 'Drop to find what is like it' : 'Drop to add to the map'}</div>
    </div>
  );
}
