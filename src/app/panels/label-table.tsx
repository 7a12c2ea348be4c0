import { Button, Group, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Id } from '../../data/item.ts';
import { focusItem, hover } from '../commands/select.ts';
import { labelColor } from '../label-colors.ts';
import { Thumbnail } from '../parts/thumbnail.tsx';
import { collection } from '../services.ts';
import { type LabelsState, useApp } from '../store.ts';
import { LabelTemperature } from './label-temperature.tsx';
import { LabelTemplates } from './label-templates.tsx';

/** Rows shown at once; the rest follow on request, so that a long table stays quick. */
const PAGE = 100;

export function LabelTable() {
  const labels = useApp((state) => state.labels);
  const [sortBy, setSortBy] = useState(0);
  const [shown, setShown] = useState(PAGE);
  const order = useMemo(() => (labels ? orderBy(labels, sortBy) : []), [labels, sortBy]);
  if (!labels) return null;
  const width = labels.labels.length;
  return (
    <div className="side-body" data-list>
      <div className="pad">
        <Text size="sm" fw={600}>
          Every picture over these labels
        </Text>
        <Text size="xs" c="var(--quiet)">
          Shares among these labels alone: a row sums to 100 %, even where none of them fits. Colors on the
          map show the likeliest.
        </Text>
        <Stack gap={8} mt={8}>
          <LabelTemplates labels={labels} />
          <LabelTemperature labels={labels} />
        </Stack>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="scroll" aria-label="Probabilities" tabIndex={0}>
        <table className="labels-table">
          <thead>
            <tr>
              <th aria-label="Picture" />
              {labels.labels.map((label, column) => (
                <th key={label} aria-sort={column === sortBy ? 'descending' : 'none'}>
                  <button type="button" onClick={() => setSortBy(column)} title={`Sort by ${label}`}>
                    <span className="swatch" style={{ background: labelColor(column) }} />
                    <span>
                      {label}
                      {column === sortBy ? '\u00a0↓' : ''}
                    </span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {order.slice(0, shown).map((row) => {
              const id = labels.ids[row];
              return id === undefined ? null : (
                <LabelRow
                  key={id}
                  id={id}
                  shares={labels.overLabels.subarray(row * width, (row + 1) * width)}
                />
              );
            })}
          </tbody>
        </table>
        {order.length > shown && (
          <Group justify="center" p="xs">
            <Button size="compact-sm" variant="default" onClick={() => setShown(shown + PAGE)}>
              {`Show ${Math.min(PAGE, order.length - shown)} more of ${order.length - shown}`}
            </Button>
          </Group>
        )}
      </section>
    </div>
  );
}

function LabelRow({ id, shares }: { id: Id; shares: Float32Array }) {
  const name = collection.get(id)?.item.name ?? '';
  return (
    <tr onPointerEnter={() => hover(id)} onPointerLeave={() => hover(undefined)}>
      <td style={{ paddingLeft: 12 }}>
        <button
          type="button"
          className="row"
          style={{ padding: 0 }}
          aria-label={name}
          onClick={() => focusItem(id)}
        >
          <Thumbnail id={id} />
        </button>
      </td>
      {Array.from(shares, (share, column) => (
        <td key={labelColor(column)}>
          <div
            className="cell-bar"
            style={{
              background: `linear-gradient(90deg, color-mix(in srgb, ${labelColor(column)} 35%, transparent) ${share * 100}%, transparent ${share * 100}%)`,
            }}
          >
            {(share * 100).toFixed(share > 0.0995 ? 0 : 1)} %
          </div>
        </td>
      ))}
    </tr>
  );
}

function orderBy(labels: LabelsState, column: number): number[] {
  const width = labels.labels.length;
  const share = (row: number) => labels.overLabels[row * width + column] ?? 0;
  return labels.ids.map((_, row) => row).sort((a, b) => share(b) - share(a) || a - b);
}
