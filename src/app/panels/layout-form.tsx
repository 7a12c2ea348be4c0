import { ActionIcon, NumberInput, SegmentedControl, Slider, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { type LayoutSetting, PROJECTIONS, SHORT_PROJECTION_NAMES } from '../compare/setting.ts';
import { DEFAULT_SETTINGS } from '../store.ts';
import './layout-form.css';

const WHAT = {
  umap: 'Keeps near what is near: neighborhoods can be trusted, long distances cannot.',
  pca: 'Looks along the directions in which the vectors vary most. It has no metric; the one chosen is that of lists of nearest items.',
  scaling:
    "Classical scaling (MDS): the map whose distances come nearest to the metric's own, the long ones above all. By Euclidean distances it is PCA.",
} as const;

/** How a map is projected, with a sentence on each choice. Changes are drafts: who shows the form applies them. */
export function LayoutForm(props: {
  readonly setting: LayoutSetting;
  readonly onChange: (change: Partial<LayoutSetting>) => void;
}) {
  const { setting, onChange } = props;
  return (
    <>
      <div>
        <div className="layout-choices">
          <SegmentedControl
            size="xs"
            aria-label="Projection"
            value={setting.projection}
            onChange={(value) => {
              const projection = PROJECTIONS.find((known) => known === value);
              if (projection) onChange({ projection });
            }}
            data={PROJECTIONS.map((value) => ({ value, label: SHORT_PROJECTION_NAMES[value] }))}
          />
          <SegmentedControl
            size="xs"
            aria-label="Dimensions"
            value={String(setting.dimensions)}
            onChange={(value) => onChange({ dimensions: value === '3' ? 3 : 2 })}
            data={[
              { value: '2', label: '2D' },
              { value: '3', label: '3D' },
            ]}
          />
        </div>
        <p className="layout-help">{WHAT[setting.projection]}</p>
      </div>
      {setting.projection === 'umap' && (
        <>
          <Parameter
            name="neighbors"
            label="Neighbors that hold a point"
            help="Few show fine detail and small groups, many the broad shape."
            range={[2, 100, 1]}
            {...props}
          />
          <Parameter
            name="minDist"
            label="Minimal distance"
            help="0 packs close points tightly, toward 1 they spread out evenly."
            range={[0, 1, 0.05]}
            {...props}
          />
          <div>
            <Heading name="seed" label="Seed" {...props} />
            <NumberInput
              size="xs"
              aria-label="Seed"
              min={0}
              max={2 ** 31}
              allowDecimal={false}
              value={setting.seed}
              onChange={(value) => typeof value === 'number' && onChange({ seed: value })}
            />
            <p className="layout-help">
              The same seed gives the same map, another an equally good one: what both show is no accident.
            </p>
          </div>
        </>
      )}
    </>
  );
}

type Name = 'neighbors' | 'minDist' | 'seed';

interface FieldProps {
  readonly name: Name;
  readonly label: string;
  readonly setting: LayoutSetting;
  readonly onChange: (change: Partial<LayoutSetting>) => void;
}

function Parameter(
  props: FieldProps & { readonly help: string; readonly range: readonly [number, number, number] },
) {
  const { name, label, help, setting, onChange, range } = props;
  const [min, max, step] = range;
  return (
    <div>
      <Heading {...props} />
      <Slider
        size="sm"
        min={min}
        // A script may have gone further.
        max={Math.max(max, setting[name])}
        step={step}
        value={setting[name]}
        label={null}
        thumbLabel={`${label}, ${min} to ${max}`}
        onChange={(value) => onChange({ [name]: value })}
      />
      <p className="layout-help">
        {min} to {max}, {DEFAULT_SETTINGS[name]} by default. {help}
      </p>
    </div>
  );
}

/** A parameter's name and value, and the way back to its default. */
function Heading({ name, label, setting, onChange }: FieldProps) {
  const usual = DEFAULT_SETTINGS[name];
  return (
    <div className="layout-heading">
      <Text size="sm">{name === 'seed' ? label : `${label}: ${setting[name]}`}</Text>
      {setting[name] !== usual && (
        <Tooltip label={`Back to ${usual}`}>
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={`${label} back to ${usual}`}
            onClick={() => onChange({ [name]: usual })}
          >
            <IconArrowBackUp size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}
