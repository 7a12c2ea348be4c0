import { Button, SegmentedControl, Select, Text } from '@mantine/core';
import { objectives } from '../../lab/objectives/catalogue.ts';
import { recipes } from '../../lab/training/recipes.ts';
import { DataField } from './data/data-field.tsx';
import { addRun, choosePreset, chooseRecipe, chooseSize, removeRun } from './drafts.ts';
import { RecordingChoice } from './playback-bar.tsx';
import { PRESETS } from './presets.ts';
import { RunControls } from './run-controls.tsx';
import { differences } from './run-names.ts';
import { RunSettingsForm } from './run-settings-form.tsx';
import { RECIPES } from './settings-fields.ts';
import { useLab } from './state.ts';
import { UseAsModel } from './use-as-model.tsx';

/** What is trained, and how. */
export function RunColumn() {
  const drafts = useLab((state) => state.drafts);
  const size = useLab((state) => state.size);
  const isRecorded = useLab(({ runs }) => runs.some(({ recorded }) => recorded !== undefined));
  const [first] = drafts;
  if (!first) return null;
  if (isRecorded) {
    return (
      <section className="lab-run" aria-label="Run">
        <RunControls />
        <RecordingChoice />
      </section>
    );
  }
  const { purpose } = objectives[recipes[first.recipe].objective];
  return (
    <section className="lab-run" aria-label="Run">
      <RunControls />
      <UseAsModel />
      <Select
        label="Objective"
        description={purpose}
        inputWrapperOrder={['label', 'input', 'description']}
        allowDeselect={false}
        value={first.recipe}
        data={RECIPES.map(({ id, label }) => ({ value: id, label }))}
        onChange={(value) => {
          const chosen = RECIPES.find(({ id }) => id === value);
          if (chosen) chooseRecipe(chosen.id);
        }}
      />
      <div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Size of the run"
          value={size}
          data={[
            { value: 'small', label: 'Small' },
            { value: 'full', label: 'Full' },
          ]}
          onChange={(value) => chooseSize(value === 'full' ? 'full' : 'small')}
        />
        <Text size="xs" c="var(--quiet)" mt={4}>
          {size === 'small' ? 'Some minutes on any machine.' : 'For a GPU; slow without one.'}
        </Text>
      </div>
      <DataField />
      <BreakIt />
      <RecordingChoice />
      <Comparison />
      <RunSettingsForm />
    </section>
  );
}

/** Presets of two runs, one sound and one broken. */
function BreakIt() {
  const chosen = useLab((state) => PRESETS.find(({ id }) => id === state.preset));
  return (
    <div className="lab-break">
      <Select
        label="Break it"
        placeholder="Leave something out, and see why it is there"
        clearable
        value={chosen?.id ?? null}
        data={PRESETS.map(({ id, label }) => ({ value: id, label }))}
        onChange={(value) => (value === null ? removeRun() : choosePreset(value))}
      />
      {chosen && (
        <dl className="lab-look">
          <dt>Changed in the second run</dt>
          <dd>{chosen.change}</dd>
          <dt>What to look for</dt>
          <dd>{chosen.look}</dd>
        </dl>
      )}
    </div>
  );
}

function Comparison() {
  const drafts = useLab((state) => state.drafts);
  const [first, second] = drafts;
  if (!first) return null;
  if (!second) {
    return (
      <Button size="compact-sm" variant="default" onClick={addRun}>
        Compare with a change
      </Button>
    );
  }
  const differing = differences(first, second);
  return (
    <div className="lab-comparison">
      <Text size="sm">
        {differing.length > 0
          ? `The second run differs in: ${differing.join(', ')}.`
          : 'Both runs are the same yet. Change a setting of the second run below.'}
      </Text>
      <Button size="compact-sm" variant="default" onClick={removeRun}>
        End the comparison
      </Button>
    </div>
  );
}
