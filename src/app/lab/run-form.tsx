import { Button, Collapse, NativeSelect, NumberInput, Slider, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import type { NumberSetting } from '../../lab/objectives/description.ts';
import { recipes } from '../../lab/training/recipes.ts';
import type { RecipeId, RunSettings } from '../../lab/training/settings.ts';
import type { ViewSettings } from '../../lab/views/draw-views.ts';
import { changeDraft, choosePreset, chooseRecipe } from './drafts.ts';
import { plainNumber } from './panels/number-words.ts';
import { objectiveOf } from './panels/recipe-objective.ts';
import { presetOf, presets } from './presets.ts';
import { useLab } from './state.ts';

const RECIPES: readonly { readonly value: RecipeId; readonly label: string }[] = [
  { value: 'simclr', label: 'SimCLR' },
  { value: 'vicreg', label: 'VICReg' },
  { value: 'barlow-twins', label: 'Barlow Twins' },
  { value: 'clip', label: 'CLIP' },
  { value: 'siglip', label: 'SigLIP' },
  { value: 'image-bind', label: 'ImageBind' },
  { value: 'decur', label: 'DeCUR' },
  { value: 'supervised', label: 'Supervised' },
];

/** What the next run is to be. */
export function RunForm() {
  const draft = useLab(({ drafts }) => drafts[0]);
  const preset = presetOf(useLab((state) => state.preset));
  const [more, setMore] = useState(false);
  if (!draft) return null;
  const objective = objectiveOf(draft.recipe);
  const numbers = objective.settings.filter((setting) => setting.kind === 'number');
  // The first is what the objective is known by: a temperature, a share, a weight.
  const first = numbers.filter(({ id }) => id.endsWith('emperature') || id === 'commonShare');
  const rest = numbers.filter((setting) => !first.includes(setting));
  return (
    <form className="lab-form" onSubmit={(event) => event.preventDefault()} aria-label="The run">
      <NativeSelect
        label="Objective"
        size="sm"
        value={draft.recipe}
        data={RECIPES.map(({ value, label }) => ({ value, label }))}
        onChange={({ currentTarget: { value } }) => {
          const recipe = RECIPES.find((each) => each.value === value);
          if (recipe) chooseRecipe(recipe.value);
        }}
      />
      <p className="lab-quiet">{objective.purpose}</p>
      <NativeSelect
        label="Break it"
        size="sm"
        value={preset?.id ?? ''}
        data={[
          { value: '', label: 'Nothing: one healthy run' },
          ...presets.map(({ id, label }) => ({ value: id, label })),
        ]}
        onChange={({ currentTarget: { value } }) => choosePreset(value || undefined)}
      />
      {preset && <p className="lab-look">{preset.look}</p>}
      {first.map((setting) => (
        <Amount key={setting.id} setting={setting} draft={draft} />
      ))}
      {recipes[draft.recipe].data === 'views' && <Views draft={draft} />}
      <div className="lab-pair">
        <Whole name="batchSize" label="Batch" least={2} draft={draft} />
        <Whole name="steps" label="Steps" least={1} draft={draft} />
      </div>
      <Whole name="seed" label="Seed" least={0} draft={draft} />
      <Button
        variant="subtle"
        size="compact-sm"
        color="gray"
        aria-expanded={more}
        onClick={() => setMore(!more)}
      >
        {more ? 'Fewer settings' : 'More settings'}
      </Button>
      <Collapse expanded={more}>
        <div className="lab-form">
          {rest.map((setting) => (
            <Amount key={setting.id} setting={setting} draft={draft} />
          ))}
          <div className="lab-pair">
            <Whole name="side" label="Pixels a side" least={16} draft={draft} />
            <Whole name="width" label="Numbers in an embedding" least={2} draft={draft} />
          </div>
          <div className="lab-pair">
            <NumberInput
              size="xs"
              label="Learning rate"
              min={0.00001}
              max={1}
              step={0.0005}
              value={draft.rate}
              onChange={(value) => typeof value === 'number' && value > 0 && changeDraft({ rate: value })}
            />
            <NumberInput
              size="xs"
              label="Size of the encoders"
              min={0.125}
              max={4}
              step={0.125}
              value={draft.size}
              onChange={(value) => typeof value === 'number' && value > 0 && changeDraft({ size: value })}
            />
          </div>
        </div>
      </Collapse>
    </form>
  );
}

interface SettingProps {
  readonly draft: RunSettings;
}

/** A number of the objective. */
function Amount({ setting, draft }: SettingProps & { readonly setting: NumberSetting }) {
  const { id, label, symbol, meaning, initial, least, most, scale } = setting;
  const stored = draft.objective[id];
  const value = typeof stored === 'number' ? stored : initial;
  const isLog = scale === 'log';
  const shown = isLog ? Math.log10(value) : value;
  const [from, to] = isLog ? [Math.log10(least), Math.log10(most)] : [least, most];
  return (
    <div>
      <Text size="sm" component="div" className="lab-amount">
        <span>
          {label} <i>{symbol}</i>
        </span>
        <output>
          {plainNumber(value)}
          {value !== initial && <span className="lab-quiet"> (published: {plainNumber(initial)})</span>}
        </output>
      </Text>
      <Slider
        thumbLabel={label}
        size="sm"
        min={from}
        max={to}
        step={(to - from) / 200}
        value={shown}
        label={null}
        onChange={(moved) => {
          const next = isLog ? 10 ** moved : moved;
          changeDraft({ objective: { ...draft.objective, [id]: Number(next.toPrecision(3)) } });
        }}
      />
      <p className="lab-quiet">{meaning}</p>
    </div>
  );
}

const VIEWS: readonly {
  readonly key: 'crop' | 'flip' | 'jitter' | 'gray' | 'blur';
  readonly label: string;
}[] = [
  { key: 'crop', label: 'Crop' },
  { key: 'flip', label: 'Flip' },
  { key: 'jitter', label: 'Color jitter' },
  { key: 'gray', label: 'Gray' },
  { key: 'blur', label: 'Blur' },
];

function Views({ draft }: SettingProps) {
  const change = (views: Partial<ViewSettings>) => changeDraft({ views: { ...draft.views, ...views } });
  return (
    <fieldset className="lab-views">
      <legend>How two views of a picture differ</legend>
      {VIEWS.map(({ key, label }) => (
        <Switch
          key={key}
          size="xs"
          label={label}
          checked={draft.views[key]}
          onChange={({ currentTarget: { checked } }) => change({ [key]: checked })}
        />
      ))}
    </fieldset>
  );
}

function Whole(
  props: SettingProps & {
    readonly name: 'batchSize' | 'steps' | 'seed' | 'side' | 'width';
    readonly label: string;
    readonly least: number;
  },
) {
  const { name, label, least, draft } = props;
  return (
    <NumberInput
      size="xs"
      label={label}
      min={least}
      allowDecimal={false}
      clampBehavior="strict"
      value={draft[name]}
      onChange={(value) => typeof value === 'number' && value >= least && changeDraft({ [name]: value })}
    />
  );
}
