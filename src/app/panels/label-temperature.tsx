import { Anchor, Group, Slider, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { setTemperature } from '../commands/label.ts';
import { messageOf } from '../jobs.ts';
import { type LabelsState, useApp } from '../store.ts';
import {
  parseTemperature,
  stepOf,
  suitedTemperature,
  TEMPERATURE_STEPS,
  temperatureAt,
} from '../temperature.ts';

/** The temperature of the shares: a slider in equal ratios, the exact number, and the way back to the model's own. */
export function LabelTemperature({ labels: { temperature } }: { readonly labels: LabelsState }) {
  const model = useApp((state) => state.model);
  const own = suitedTemperature(model ?? {});
  const ownName = model?.temperature === undefined ? 'usual here' : 'learned by the model';
  const isOwn = temperature === own;
  return (
    <div>
      <Group gap="sm" wrap="nowrap" align="center">
        <Text size="xs" id="temperature-name">
          Temperature
        </Text>
        <Slider
          style={{ flex: 1, minWidth: 60 }}
          size="sm"
          min={0}
          max={TEMPERATURE_STEPS}
          step={1}
          label={null}
          thumbLabel="Temperature: lower is more decided"
          thumbValueText={String(temperature)}
          marks={[{ value: stepOf(own) }]}
          value={stepOf(temperature)}
          onChange={(step) => setTemperature(temperatureAt(step))}
        />
        <ExactTemperature temperature={temperature} />
      </Group>
      <Text size="xs" c="var(--quiet)" mt={2}>
        Cosines are divided by it before they become shares: low decides for the nearest label, high spreads.{' '}
        {isOwn ? (
          `${own} is ${ownName}.`
        ) : (
          <Anchor component="button" type="button" size="xs" onClick={() => setTemperature(own)}>
            Back to {own}, {ownName}
          </Anchor>
        )}
      </Text>
    </div>
  );
}

function ExactTemperature({ temperature }: { readonly temperature: number }) {
  const [text, setText] = useState(String(temperature));
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    setText(String(temperature));
    setFault(undefined);
  }, [temperature]);
  const commit = () => {
    try {
      setTemperature(parseTemperature(text));
      setFault(undefined);
    } catch (error) {
      setFault(messageOf(error));
    }
  };
  return (
    <TextInput
      size="xs"
      w={fault === undefined ? 68 : 150}
      inputMode="decimal"
      aria-label="Temperature, typed"
      value={text}
      error={fault}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
