import { useMemo } from 'react';
import type { RealData } from '../../../lab/data/real-data.ts';
import { PictureCanvas } from './picture-canvas.tsx';
import { pictureSetOf } from './picture-sets.ts';
import { pictureAt } from './shown-items.ts';
import './data.css';

const SHOWN = 48;

/** What there is to learn from: some of the pictures, evenly from all, with their words. */
export function PictureGrid({ data }: { readonly data: RealData }) {
  const pictures = useMemo(() => {
    const set = pictureSetOf(data);
    if (!set) return [];
    const count = Math.min(SHOWN, data.count);
    return Array.from({ length: count }, (_, at) => {
      const place = Math.floor((at * data.count) / count);
      return { place, image: pictureAt(set, place), caption: set.captions[place] ?? '' };
    });
  }, [data]);
  return (
    <div className="lab-world">
      <h2>{data.kind === 'samples' ? 'The sample pictures' : 'Your pictures'}</h2>
      <p>
        {data.count.toLocaleString('en-US')} pictures, as a model sees them: the middle square of each, 64
        pixels a side at most. A fifth is held out: the map and the probes have only pictures that the model
        never learned from. Nothing leaves your machine.
      </p>
      <ul className="lab-picture-grid">
        {pictures.map(({ place, image, caption }) => (
          <li key={place}>
            <PictureCanvas image={image} label={caption} />
            <span>{caption}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
