import { NativeSelect, Slider } from '@mantine/core';
import type { ChoiceSetting, NumberSetting } from '../../lab/objectives/description.ts';
import { plainNumber } from './panels/number-words.ts';
import { Field, NumberField } from './setting-field.tsx';

/** A setting of the objective: a number with a slider in its own scale, or a choice. */
export function ObjectiveField(props: {
  readonly setting: NumberSetting | ChoiceSetting;
  readonly value: number | string;
  readonly initial: number | string;
  readonly onChange: (value: number | string) => void;
}) {
  const { setting, value, initial, onChange } = props;
  const { label, meaning, symbol } = setting;
  if (setting.kind === 'choice') {
    return (
      <Field label={label} meaning={meaning} isChanged={value !== initial} onReset={() => onChange(initial)}>
        <NativeSelect
          size="xs"
          aria-label={label}
          value={value}
          data={setting.options.map(({ id, label: text }) => ({ value: id, label: text }))}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      </Field>
    );
  }
  const number = Number(value);
  const { least, most } = setting;
  const isLog = setting.scale === 'log';
  const toSlider = (given: number) => (isLog ? Math.log(given) : given);
  const fromSlider = (given: number) => Number((isLog ? Math.exp(given) : given).toPrecision(2));
  const range = { min: toSlider(least), max: toSlider(most) };
  return (
    <div className="lab-slid">
      <NumberField
        {...{ label: symbol ? `${label} ${symbol}` : label, meaning, least, most }}
        step={isLog ? Number((number / 10).toPrecision(1)) : (most - least) / 100}
        value={number}
        initial={Number(initial)}
        onChange={onChange}
      />
      <Slider
        size="xs"
        {...range}
        step={(range.max - range.min) / 100}
        value={toSlider(number)}
        label={(given) => plainNumber(fromSlider(given))}
        thumbLabel={`${label}, slider`}
        onChange={(given) => onChange(Math.min(most, Math.max(least, fromSlider(given))))}
      />
    </div>
  );
}
