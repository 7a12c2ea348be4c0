import { MultiSelect, NativeSelect, SegmentedControl, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { recipes } from '../../lab/training/recipes.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import { FACTORS, MODALITIES, SHOWS } from '../../lab/world/factors.ts';
import { writeDraft } from './drafts.ts';
import { MODALITY_WORDS } from './modality-words.ts';
import { ObjectiveField } from './objective-field.tsx';
import { Folded } from './panels/folded.tsx';
import { Field, NumberField } from './setting-field.tsx';
import {
  FIRST_NUMBERS,
  isFirst,
  MORE_NUMBERS,
  objectiveSettings,
  startingSettings,
  VIEW_SWITCHES,
  withObjective,
  withView,
} from './settings-fields.ts';
import { useLab } from './state.ts';

/** The settings of a run: what matters first, and the rest folded. */
export function RunSettingsForm() {
  const drafts = useLab((state) => state.drafts);
  const size = useLab((state) => state.size);
  const [wished, setWished] = useState(1);
  const at = drafts.length > 1 ? wished : 0;
  const draft = drafts[at];
  if (!draft) return null;
  const initial = startingSettings(draft.recipe, size, draft.seed, draft.data);
  const each = { draft, initial, onChange: (settings: RunSettings) => writeDraft(at, settings) };
  return (
    <form className="lab-form" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      {drafts.length > 1 && (
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Settings of"
          value={String(at)}
          data={[
            { value: '0', label: 'First run' },
            { value: '1', label: 'Second run' },
          ]}
          onChange={(value) => setWished(Number(value))}
        />
      )}
      <Objectives {...each} first />
      {FIRST_NUMBERS.map((number) => (
        <RunNumberField key={number.key} {...each} number={number} />
      ))}
      <Modalities {...each} />
      <Views {...each} />
      <Folded summary="More settings" isQuiet>
        {() => (
          <div className="lab-form">
            <Objectives {...each} first={false} />
            {MORE_NUMBERS.map((number) => (
              <RunNumberField key={number.key} {...each} number={number} />
            ))}
            <Others {...each} />
          </div>
        )}
      </Folded>
    </form>
  );
}

interface PartProps {
  readonly draft: RunSettings;
  readonly initial: RunSettings;
  readonly onChange: (settings: RunSettings) => void;
}

function Objectives({ draft, initial, onChange, first }: PartProps & { readonly first: boolean }) {
  return objectiveSettings(draft.recipe)
    .filter((setting) => isFirst(setting) === first)
    .map((setting) => (
      <ObjectiveField
        key={setting.id}
        setting={setting}
        value={draft.objective[setting.id] ?? setting.initial}
        initial={initial.objective[setting.id] ?? setting.initial}
        onChange={(value) => onChange(withObjective(draft, setting.id, value))}
      />
    ));
}

function RunNumberField(props: PartProps & { readonly number: (typeof FIRST_NUMBERS)[number] }) {
  const { draft, initial, onChange, number } = props;
  const { key, label, meaning, least, most, step } = number;
  if (key === 'headWidth' && initial.headWidth === 0) return null;
  return (
    <NumberField
      {...{ label, meaning, least, most, step }}
      value={draft[key]}
      initial={initial[key]}
      onChange={(value) => onChange({ ...draft, [key]: value })}
    />
  );
}

function Modalities({ draft, initial, onChange }: PartProps) {
  // Pictures are seen in one way, and with words in two: there is nothing to choose.
  if (draft.data) return null;
  const { least, most, data } = recipes[draft.recipe];
  const possible = MODALITIES.filter((modality) => data !== 'views' || modality !== 'text');
  const reset = { isChanged: String(draft.modalities) !== String(initial.modalities) };
  const onReset = () => onChange({ ...draft, modalities: initial.modalities, unbound: initial.unbound });
  const meaning =
    least === most ? `Exactly ${least}.` : `${least} to ${most}; image and text are always among them.`;
  return (
    <Field label={most > 1 ? 'Modalities' : 'Modality'} {...reset} onReset={onReset}>
      {most === 1 ? (
        <NativeSelect
          size="xs"
          aria-label="Modality"
          value={draft.modalities[0] ?? 'image'}
          data={possible.map((modality) => ({ value: modality, label: MODALITY_WORDS[modality].label }))}
          onChange={({ currentTarget }) =>
            onChange({ ...draft, modalities: MODALITIES.filter((each) => each === currentTarget.value) })
          }
        />
      ) : (
        <MultiSelect
          size="xs"
          aria-label="Modalities"
          description={meaning}
          maxValues={most}
          value={[...draft.modalities]}
          data={possible.map((modality) => ({ value: modality, label: MODALITY_WORDS[modality].label }))}
          onChange={(values) => {
            const isFixed = (each: string) =>
              draft.recipe === 'image-bind' && (each === 'image' || each === 'text');
            const modalities = MODALITIES.filter((each) => values.includes(each) || isFixed(each));
            onChange({
              ...draft,
              modalities,
              unbound: draft.unbound.filter((each) => modalities.includes(each)),
            });
          }}
        />
      )}
    </Field>
  );
}

function Views({ draft, initial, onChange }: PartProps) {
  if (recipes[draft.recipe].data !== 'views') return null;
  const isChanged = VIEW_SWITCHES.some(({ key }) => draft.views[key] !== initial.views[key]);
  return (
    <Field
      label="Augmentations"
      isChanged={isChanged}
      onReset={() => onChange({ ...draft, views: initial.views })}
    >
      <div className="lab-switches">
        {VIEW_SWITCHES.map(({ key, label }) => (
          <Switch
            key={key}
            size="xs"
            label={label}
            checked={draft.views[key]}
            onChange={({ currentTarget }) => onChange(withView(draft, key, currentTarget.checked))}
          />
        ))}
      </div>
    </Field>
  );
}

/** What only some recipes have, and the world. */
function Others({ draft, initial, onChange }: PartProps) {
  const { recipe, fixed } = draft;
  const fixedText = Object.entries(fixed).map(([factor, level]) => `${factor} ${level}`);
  const { data } = recipes[recipe];
  return (
    <>
      {data === 'views' && (
        <NumberField
          {...{
            label: 'Least part that a crop keeps',
            meaning: 'Of the area.',
            least: 0.05,
            most: 1,
            step: 0.05,
          }}
          value={draft.views.leastArea}
          initial={initial.views.leastArea}
          onChange={(value) => onChange(withView(draft, 'leastArea', value))}
        />
      )}
      {recipe === 'supervised' && !draft.data && (
        <Field
          label="Told class"
          isChanged={draft.target !== initial.target}
          onReset={() => onChange({ ...draft, target: initial.target })}
        >
          <NativeSelect
            size="xs"
            aria-label="Told class"
            value={draft.target}
            data={SHOWS[draft.modalities[0] ?? 'image']}
            onChange={({ currentTarget }) =>
              onChange({
                ...draft,
                target: FACTORS.find((each) => each === currentTarget.value) ?? draft.target,
              })
            }
          />
        </Field>
      )}
      {(recipe === 'clip' || recipe === 'siglip') && (
        <Switch
          size="xs"
          label="Shuffle the captions"
          checked={draft.shuffled}
          onChange={({ currentTarget }) => onChange({ ...draft, shuffled: currentTarget.checked })}
        />
      )}
      {fixedText.length > 0 && (
        <Text size="xs" c="var(--quiet)">
          The same in all scenes, so that less has to be learned: {fixedText.join(', ')}.
        </Text>
      )}
    </>
  );
}
