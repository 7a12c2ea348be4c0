import { labelColor } from '../../label-colors.ts';

/** Labels that the pictures on the map are colored by. */
export function LabelLegend({ names }: { readonly names: readonly string[] }) {
  return (
    <ul className="lab-levels" aria-label="Colors by label">
      {names.map((name, at) => (
        <li key={name}>
          <i style={{ background: labelColor(at) }} />
          {name}
        </li>
      ))}
      <li className="lab-blind">
        {names.length === 0 ? 'These pictures have no labels' : 'Gray: none of these'}
      </li>
    </ul>
  );
}
