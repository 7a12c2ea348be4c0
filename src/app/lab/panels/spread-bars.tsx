import type { Which } from './runs-shown.tsx';

interface SpreadBarsProps {
  /** What a bar is: "standard deviation of a dimension". */
  readonly label: string;
  readonly columns: readonly {
    readonly which: Which;
    readonly name: string;
    readonly values: ArrayLike<number>;
  }[];
}

const WIDTH = 400;
const HEIGHT = 100;

/** Numbers of each dimension, largest first: of the first run as bars, of the second as a line over them. */
export function SpreadBars({ label, columns }: SpreadBarsProps) {
  const sorted = columns.map(({ values, ...rest }) => ({
    ...rest,
    values: Array.from(values)
      .filter(Number.isFinite)
      .sort((a, b) => b - a),
  }));
  const most = sorted.reduce((so, { values }) => Math.max(so, values[0] ?? 0), 0) || 1;
  const described = sorted.map(({ name, values }) => {
    const middle = values[values.length >> 1] ?? 0;
    return `${name}: ${values.length} dimensions, largest ${(values[0] ?? 0).toPrecision(2)}, middle ${middle.toPrecision(2)}, smallest ${(values.at(-1) ?? 0).toPrecision(2)}`;
  });
  return (
    <figure className="lab-bars">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}, largest first. ${described.join('; ')}.`}
      >
        {sorted.map(({ which, values }) => (
          <path key={which} data-run={which} d={outline(values, most, which === 'first')} />
        ))}
      </svg>
      <figcaption>
        <span>{label}, largest first</span>
        <span>at most {most.toPrecision(2)}</span>
      </figcaption>
    </figure>
  );
}

/** Steps from bar to bar; closed along the ground where they are filled. */
function outline(values: readonly number[], most: number, isFilled: boolean): string {
  const y = (value: number) => (HEIGHT - (value / most) * (HEIGHT - 2)).toFixed(1);
  const x = (at: number) => ((at / values.length) * WIDTH).toFixed(1);
  const steps = values.map((value, at) => `L${x(at)} ${y(value)}L${x(at + 1)} ${y(value)}`).join('');
  return isFilled ? `M0 ${HEIGHT}${steps}L${WIDTH} ${HEIGHT}Z` : steps.replace('L', 'M');
}
