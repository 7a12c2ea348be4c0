import { Select } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Shepard } from '../../compare/shepard.ts';
import { SHEPARD_LINES, shepardLine, shepardQuantile, shepardStrength } from '../../export/shepard.ts';
import type { NamedHonesty } from '../measures/tables.ts';
import { useApp } from '../store.ts';
import { distanceText } from '../words.ts';

/** Distances on the map by distances in the space, of one map at a time or of PCA. */
export function ShepardView({ maps }: { readonly maps: readonly NamedHonesty[] }) {
  const choices = maps.flatMap(({ name, honesty }, at) =>
    honesty.maps.slice(0, 2).map(({ global }, which) => ({
      value: `${at} ${which}`,
      label: which === 0 ? name : maps.length > 1 ? `${name}: PCA beside it` : 'PCA',
      shepard: global.shepard,
    })),
  );
  const [wished, setWished] = useState('0 0');
  const chosen = choices.find(({ value }) => value === wished) ?? choices[0];
  if (!chosen) return null;
  return (
    <>
      <h3>Shepard diagram</h3>
      <Select
        size="xs"
        aria-label="Map of the Shepard diagram"
        allowDeselect={false}
        value={chosen.value}
        data={choices.map(({ value, label }) => ({ value, label }))}
        onChange={(value) => setWished(value ?? '0 0')}
      />
      <Diagram shepard={chosen.shepard} />
      <p className="measures-reading">
        Each pair of items by its distance in the space and on the map: darker cells have more pairs. The line
        is the median, the thin ones 5 % and 95 %. A map true to scale is one thin rising line.
      </p>
    </>
  );
}

function Diagram({ shepard }: { readonly shepard: Shepard }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useApp((state) => state.theme);
  const { bins, space, map } = shepard;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(pixelsOf(shepard, theme), bins, bins), 0, 0);
  }, [shepard, theme, bins]);
  return (
    <figure className="shepard">
      <div className="shepard-plot">
        <canvas ref={canvas} width={bins} height={bins} role="img" aria-label={describeShepard(shepard)} />
        <svg
          className="shepard-lines"
          viewBox={`0 0 ${bins} ${bins}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {SHEPARD_LINES.map((share) => (
            <path
              key={share}
              data-median={share === 0.5 || undefined}
              d={shepardLine(shepard, share, bins, bins)}
            />
          ))}
        </svg>
        <span className="shepard-top">{distanceText(map[1])}</span>
        <span className="shepard-side">on the map</span>
      </div>
      <figcaption className="measures-line">
        <span>{distanceText(space[0])}</span>
        <span>distance in the space</span>
        <span>{distanceText(space[1])}</span>
      </figcaption>
    </figure>
  );
}

function describeShepard(shepard: Shepard): string {
  const medians = [0.25, 0.5, 0.75].map((place) =>
    shepardQuantile(shepard, Math.floor(place * shepard.bins), 0.5),
  );
  const words = medians.map((value) => (Number.isNaN(value) ? 'no pairs' : distanceText(value)));
  return `Heat map of distances on the map by distances in the space. Median on the map at a quarter, half and three quarters of the range of the space: ${words.join(', ')}.`;
}

/** The accent's color, the more opaque the more pairs. */
function pixelsOf(shepard: Shepard, theme: 'light' | 'dark'): Uint8ClampedArray<ArrayBuffer> {
  const { bins, counts } = shepard;
  const color = theme === 'light' ? [68, 82, 196] : [151, 164, 255];
  const strength = shepardStrength(shepard);
  const pixels = new Uint8ClampedArray(bins * bins * 4);
  counts.forEach((count, cell) => {
    const column = Math.floor(cell / bins);
    const row = bins - 1 - (cell % bins);
    pixels.set([...color, 255 * strength(count)], (row * bins + column) * 4);
  });
  return pixels;
}
