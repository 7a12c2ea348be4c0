import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { unpaint } from '../measures/coloring.ts';
import { writeMeasures } from '../measures/state.ts';
import { useApp } from '../store.ts';
import './measures.css';

/** What the colors on the map say. */
export function MeasuresLegend() {
  const coloring = useApp((state) => state.coloring);
  if (!coloring) return null;
  const { title, from, to, ends, stops, isPartial } = coloring;
  return (
    <section className="measures-legend" aria-label="Colors of the map">
      <div className="measures-line">
        <strong>{title}</strong>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Take the colors away"
          onClick={() => {
            writeMeasures({ paint: 'none' });
            unpaint();
          }}
        >
          <IconX size={14} />
        </ActionIcon>
      </div>
      <div
        className="measures-gradient"
        style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }}
      />
      <div className="measures-line">
        <span>
          {from.toFixed(2)} {ends[0]}
        </span>
        <span>
          {ends[1]} {to.toFixed(2)}
        </span>
      </div>
      {isPartial && <span>Gray: not measured.</span>}
    </section>
  );
}
