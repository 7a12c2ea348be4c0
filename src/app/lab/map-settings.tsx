import { Chip, Group, NativeSelect, SegmentedControl, Switch } from '@mantine/core';
import { FACTORS, LEVELS, MODALITIES, SHOWS } from '../../lab/world/factors.ts';
import { labelColor } from '../label-colors.ts';
import { LabelLegend } from './data/label-legend.tsx';
import { MODALITY_WORDS } from './modality-words.ts';
import { shownModalities } from './shown-rows.ts';
import { type LabView, useLab, writeLab } from './state.ts';

const change = (part: Partial<LabView>): void => writeLab(({ view }) => ({ view: { ...view, ...part } }));

/** What the map shows of the runs. */
export function MapSettings() {
  const view = useLab((state) => state.view);
  const runs = useLab((state) => state.runs);
  const modalities = MODALITIES.filter((each) =>
    runs.some(({ settings }) => settings.modalities.includes(each)),
  );
  const shown = shownModalities({ modalities }, view.hidden);
  return (
    <Group gap={10} className="lab-map-settings">
      {!runs[0]?.settings.data && (
        <NativeSelect
          size="xs"
          aria-label="Color by"
          value={view.color}
          data={FACTORS.map((factor) => ({ value: factor, label: `Color by ${factor}` }))}
          onChange={({ currentTarget }) =>
            change({ color: FACTORS.find((each) => each === currentTarget.value) ?? view.color })
          }
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label="Projection"
        value={view.projection}
        data={[
          { value: 'pca', label: 'PCA' },
          { value: 'umap', label: 'UMAP' },
        ]}
        onChange={(value) => change({ projection: value === 'umap' ? 'umap' : 'pca' })}
      />
      <Switch
        size="xs"
        label="Pictures"
        checked={view.pictures}
        onChange={({ currentTarget }) => change({ pictures: currentTarget.checked })}
      />
      {modalities.length > 1 && (
        <>
          <Switch
            size="xs"
            label="Lines between true pairs"
            checked={view.lines}
            onChange={({ currentTarget }) => change({ lines: currentTarget.checked })}
          />
          <Chip.Group
            multiple
            value={[...shown]}
            onChange={(values) => change({ hidden: modalities.filter((each) => !values.includes(each)) })}
          >
            <Group gap={4}>
              {modalities.map((modality) => (
                <Chip key={modality} size="xs" value={modality}>
                  {MODALITY_WORDS[modality].label}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </>
      )}
    </Group>
  );
}

/** Levels of the factor, or labels, that the map is colored by. */
export function MapLegend() {
  const { color } = useLab((state) => state.view);
  const runs = useLab((state) => state.runs);
  const settings = runs[0]?.settings;
  if (settings?.data) return <LabelLegend names={settings.data.labels} />;
  const blind = MODALITIES.filter(
    (each) => runs.some(({ settings }) => settings.modalities.includes(each)) && !SHOWS[each].includes(color),
  );
  const fixed = settings?.fixed[color];
  return (
    <ul className="lab-levels" aria-label={`Colors by ${color}`}>
      {LEVELS[color].map((level, at) => (
        <li key={level}>
          <i style={{ background: labelColor(at) }} />
          {level}
        </li>
      ))}
      {blind.length > 0 && (
        <li className="lab-blind">
          Not shown by {blind.map((each) => MODALITY_WORDS[each].label.toLowerCase()).join(', ')}
        </li>
      )}
      {fixed !== undefined && (
        <li className="lab-blind">
          All scenes of this run have {color} {fixed}
        </li>
      )}
    </ul>
  );
}
