import { NeighborsTab } from '../../playground/neighbors-tab.tsx';
import '../../playground/playground.css';
import { StringsTab } from '../../playground/strings-tab.tsx';
import { TwoPoints } from '../../playground/two-points.tsx';
import { WorldGrid } from '../world-grid.tsx';
import type { Figure } from './types.ts';

const FIGURES = {
  map: { name: 'Scenes of the made-up world', Content: WorldGrid },
  world: { name: 'Scenes of the made-up world', Content: WorldGrid },
  'two-points': { name: 'Two points and their distances', Content: TwoPoints },
  neighbors: { name: 'A point and its neighbors', Content: NeighborsTab },
  strings: { name: 'Strings and their distances', Content: StringsTab },
} as const;

/** What a lesson shows in the place of the map; the map has nothing to show without a recording. */
export function LessonFigure({ figure }: { readonly figure: Figure }) {
  const { name, Content } = FIGURES[figure];
  const isWorld = Content === WorldGrid;
  return (
    <section className={isWorld ? 'lab-map' : 'lab-map lesson-figure pg'} aria-label={name}>
      <Content />
    </section>
  );
}
