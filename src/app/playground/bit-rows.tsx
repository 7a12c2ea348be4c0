import { bitsOf } from './measures.ts';
import { coordinateText, type Point } from './plane.ts';
import { fourBits } from './strings.ts';

/** The same two points as bits in two ways: the side of each axis, and each coordinate as a number of four bits. */
export function BitRows({ a, b }: { readonly a: Point; readonly b: Point }) {
  const rounded = [a, b].map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) })) as [Point, Point];
  const [p, q] = rounded;
  return (
    <div className="pg-bit-rows">
      <BitTable caption="Above 0?" columns={['x', 'y']} a={bitsOf(a).map(String)} b={bitsOf(b).map(String)} />
      <BitTable
        caption={'As 4-bit numbers'}
        columns={[
          `x: ${coordinateText(p.x)} and ${coordinateText(q.x)}`,
          `y: ${coordinateText(p.y)} and ${coordinateText(q.y)}`,
        ]}
        a={[fourBits(p.x), fourBits(p.y)]}
        b={[fourBits(q.x), fourBits(q.y)]}
      />
      <p>
        From 0 to −1 is a small step, yet all four bits of the number flip: Hamming does not know what bits
        are worth.
      </p>
    </div>
  );
}

function BitTable(props: {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly a: readonly string[];
  readonly b: readonly string[];
}) {
  const xor = props.a.map((bits, i) => flips(bits, props.b[i] ?? ''));
  const differing = xor.join('').split('1').length - 1;
  return (
    <table className="pg-bits">
      <caption>{props.caption}</caption>
      <thead>
        <tr>
          <td />
          {props.columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <BitRow name="A" bits={props.a} />
        <BitRow name="B" bits={props.b} />
        <BitRow name={`Differ: ${differing}`} bits={xor} isXor />
      </tbody>
    </table>
  );
}

function BitRow(props: {
  readonly name: string;
  readonly bits: readonly string[];
  readonly isXor?: boolean;
}) {
  return (
    <tr data-xor={props.isXor}>
      <th scope="row">{props.name}</th>
      {props.bits.map((bits, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell has no identity but its column
        <td key={index}>{bits}</td>
      ))}
    </tr>
  );
}

function flips(a: string, b: string): string {
  return Array.from(a, (bit, i) => (bit === b[i] ? '0' : '1')).join('');
}
