import type { MapPane } from '../../map/types.ts';
import type { Frames } from './map-frames.ts';

/** Draws a line between the embeddings of each scene, where more than one modality is shown, and keeps it there as they move. */
export function drawPairs(map: MapPane, frames: Frames, isWanted: () => boolean): () => void {
  const canvas = document.createElement('canvas');
  canvas.className = 'lab-pairs';
  canvas.setAttribute('aria-hidden', 'true');
  map.element.append(canvas);
  const context = canvas.getContext('2d');
  let drawn = -1;
  let request = requestAnimationFrame(look);

  function look(): void {
    request = requestAnimationFrame(look);
    const count = new Set(frames.items.map(({ modality }) => modality)).size;
    const state = isWanted() && count > 1 ? map.stats().frames : -2;
    if (state === drawn || !context) return;
    drawn = state;
    const { clientWidth, clientHeight } = map.element;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(clientWidth * ratio);
    canvas.height = Math.round(clientHeight * ratio);
    if (state === -2) return;
    context.scale(ratio, ratio);
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = 1;
    context.beginPath();
    const scenes = frames.items.length / count;
    for (let scene = 0; scene < scenes; scene++) {
      const from = map.screenPosition(scene);
      if (!from) continue;
      for (let other = 1; other < count; other++) {
        const to = map.screenPosition(other * scenes + scene);
        if (!to) continue;
        context.moveTo(from.x, from.y);
        context.lineTo(to.x, to.y);
      }
    }
    context.stroke();
  }

  return () => {
    cancelAnimationFrame(request);
    canvas.remove();
  };
}
