import { gradientOf } from '../../matrix/palette.ts';
import { itemsShown, legendWords } from '../matrix/legend-words.ts';
import { useMatrix } from '../matrix/state.ts';

/** What the colors mean, and how much of the space is shown. */
export function MatrixLegend() {
  const shown = useMatrix((state) => state.shown);
  if (!shown) return null;
  const [near, middle, far] = legendWords(shown);
  return (
    <div className="matrix-legend">
      <div className="matrix-scale">
        <i style={{ backgroundImage: gradientOf(shown.picture.colors) }} />
        <div className="matrix-ends">
          <span>{near}</span>
          <span className="matrix-middle">{middle}</span>
          <span>{far}</span>
        </div>
      </div>
      <span>{itemsShown(shown)}</span>
    </div>
  );
}
