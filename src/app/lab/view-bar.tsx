import { Chip, Group, NativeSelect, Switch } from '@mantine/core';
import { FACTORS, LEVELS, SHOWS } from '../../lab/world/factors.ts';
import { labelColor } from '../label-colors.ts';
import { MODALITY_NAMES } from './scene-pictures.ts';
import { useLab, writeLab } from './state.ts';

/** How the map shows the held-out scenes, and what its colors are. */
export function ViewBar() {
  const view = useLab((state) => state.view);
  const run = useLab(({ runs }) => runs[0]);
  if (!run) return null;
  const { modalities } = run.settings;
  const { color, hidden, lines } = view;
  const shown = modalities.filter((modality) => !hidden.includes(modality));
  const seenIn = modalities.some((modality) => SHOWS[modality].includes(color));
  return (
    <div className="lab-view">
      <Group gap={10}>
        <NativeSelect
          size="xs"
          aria-label="Color by"
          value={color}
          data={FACTORS.map((factor) => ({ value: factor, label: `Color: ${factor}` }))}
          onChange={({ currentTarget: { value } }) => {
            const factor = FACTORS.find((each) => each === value);
            if (factor) writeLab({ view: { ...view, color: factor } });
          }}
        />
        {modalities.length > 1 && (
          <>
            <Chip.Group
              multiple
              value={shown}
              onChange={(value: string[]) =>
                // At least one stays.
                value.length > 0 &&
                writeLab({
                  view: { ...view, hidden: modalities.filter((modality) => !value.includes(modality)) },
                })
              }
            >
              <Group gap={4}>
                {modalities.map((modality) => (
                  <Chip key={modality} size="xs" value={modality}>
                    {MODALITY_NAMES[modality]}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            <Switch
              size="xs"
              label="Lines between true pairs"
              checked={lines}
              onChange={({ currentTarget: { checked } }) => writeLab({ view: { ...view, lines: checked } })}
            />
          </>
        )}
      </Group>
      <ul className="lab-legend" aria-label={`Colors of the ${color}`}>
        {LEVELS[color].map((level, at) => (
          <li key={level}>
            <span style={{ background: labelColor(at) }} />
            {level}
          </li>
        ))}
        {!seenIn && <li className="lab-quiet">shown by none of these modalities: it cannot be learned</li>}
      </ul>
    </div>
  );
}
