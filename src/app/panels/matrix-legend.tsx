import { gradientOf } from '../../matrix/palette.ts';
import type { DistanceRange } from '../../matrix/scale.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import type { MetricId } from '../../metrics/engine.ts';
import { type ShownMatrix, useMatrix } from '../matrix/state.ts';
import { distanceText } from '../words.ts';

/** What the colors mean, and how much of the space is shown. */
export function MatrixLegend() {
  const shown = useMatrix((state) => state.shown);
  if (!shown) return null;
  const { picture, ids, total } = shown;
  const number = (value: number) => value.toLocaleString('en-US');
  return (
    <div className="matrix-legend">
      <div className="matrix-scale">
        <i style={{ backgroundImage: gradientOf(picture.colors) }} />
        {picture.colors === 'near' ? <Near shown={shown} /> : <Difference shown={shown} />}
      </div>
      <span>
        {total > ids.length
          ? `${number(ids.length)} of ${number(total)} shown, drawn at random`
          : `${number(total)} items`}
      </span>
    </div>
  );
}

function Near({ shown: { picture, setting } }: { readonly shown: ShownMatrix }) {
  const { metric, other, scale } = setting;
  const first = endsOf(metric, picture.upper);
  const second = picture.lower && endsOf(other, picture.lower);
  const by = scale === 'rank' ? ', by rank' : '';
  return (
    <div className="matrix-ends">
      <span>
        near {first[0]}
        {second && ` · ${second[0]}`}
      </span>
      <span className="matrix-middle">
        {catalogue[metric].label}
        {second && ` above, ${catalogue[other].label} below`}
        {by}
      </span>
      <span>
        far {first[1]}
        {second && ` · ${second[1]}`}
      </span>
    </div>
  );
}

function endsOf(metric: MetricId, { smallest, largest }: DistanceRange): [string, string] {
  const ends: [string, string] = [distanceText(smallest), distanceText(largest)];
  return catalogue[metric].nearest === 'largest' ? [ends[1], ends[0]] : ends;
}

function Difference({ shown: { picture, setting } }: { readonly shown: ShownMatrix }) {
  const { metric, other, scale } = setting;
  return (
    <div className="matrix-ends">
      <span>nearer under {catalogue[metric].label}</span>
      <span className="matrix-middle">
        by up to {Math.round(picture.most * 100)} % of the {scale === 'rank' ? 'ranks' : 'range'}
      </span>
      <span>nearer under {catalogue[other].label}</span>
    </div>
  );
}
