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
  temperatureText,
} from '../temperature.ts';

/** The temperature of the shares: a slider in equal ratios, the exact number, and the way back to the model's own. */
export function LabelTemperature({ labels: { temperature } }: { readonly labels: LabelsState }) {
  const model = useApp((state) => state.model);
  const [fault, setFault] = useState<string>();
  const own = suitedTemperature(model ?? {});
  const ownName = model?.temperature === undefined ? 'usual for this model' : 'learned by this model';
  return (
    <div>
      <Group gap="sm" wrap="nowrap">
        <Text size="xs">Temperature</Text>
        <Slider
          style={{ flex: 1 }}
          size="sm"
          min={0}
          max={TEMPERATURE_STEPS}
          step={1}
          label={null}
          thumbLabel="Temperature: lower is more decided"
          thumbValueText={temperatureText(temperature)}
          marks={[{ value: stepOf(own) }]}
          value={Math.round(stepOf(temperature))}
          onChange={(step) => setTemperature(temperatureAt(step))}
        />
        <ExactTemperature temperature={temperature} fault={fault} onFault={setFault} />
      </Group>
      <Text size="xs" c="var(--quiet)" mt={2}>
        {fault === undefined ? (
          'Cosines are divided by it before they become shares: low decides for the nearest label, high spreads. '
        ) : (
          <Text span role="alert" size="xs" c="red">
            {fault}{' '}
          </Text>
        )}
        {temperature === own ? (
          `${temperatureText(own)} is ${ownName}.`
        ) : (
          <Anchor component="button" type="button" size="xs" onClick={() => setTemperature(own)}>
            Back to {temperatureText(own)}, {ownName}
          </Anchor>
        )}
      </Text>
    </div>
  );
}

function ExactTemperature({
  temperature,
  fault,
  onFault,
}: {
  readonly temperature: number;
  readonly fault: string | undefined;
  readonly onFault: (fault: string | undefined) => void;
}) {
  const [text, setText] = useState(temperatureText(temperature));
  useEffect(() => {
    setText(temperatureText(temperature));
    onFault(undefined);
  }, [temperature, onFault]);
  const commit = () => {
    try {
      // What is shown has fewer digits than what is meant.
      if (text === temperatureText(temperature)) return onFault(undefined);
      setTemperature(parseTemperature(text));
      onFault(undefined);
    } catch (error) {
      onFault(messageOf(error));
    }
  };
  return (
    <TextInput
      size="xs"
      w={68}
      flex="none"
      inputMode="decimal"
      aria-label="Temperature, typed"
      value={text}
      error={fault !== undefined}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onFault(isBegun(event.currentTarget.value) ? undefined : faultOf(event.currentTarget.value));
      }}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

/** What a temperature may begin with, and is none yet: a person is not told of it at every key. */
function isBegun(text: string): boolean {
  return /^\s*0*[.,]?0*\s*$/.test(text);
}

function faultOf(text: string): string | undefined {
  try {
    parseTemperature(text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
