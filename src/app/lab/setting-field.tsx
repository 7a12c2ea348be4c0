import { ActionIcon, NumberInput, Tooltip } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A setting with its name; where it was changed, that is marked and can be undone. */
export function Field(props: {
  readonly label: string;
  readonly meaning?: string;
  readonly isChanged: boolean;
  readonly onReset: () => void;
  readonly children: ReactNode;
}) {
  const { label, meaning, isChanged, onReset, children } = props;
  return (
    <div className="lab-field" data-changed={isChanged || undefined}>
      <div className="lab-field-head">
        <span title={meaning}>{label}</span>
        {isChanged && (
          <Tooltip label="As it was">
            <ActionIcon size="xs" variant="subtle" aria-label={`Reset: ${label}`} onClick={onReset}>
              <IconRestore size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {children}
    </div>
  );
}

export function NumberField(props: {
  readonly label: string;
  readonly meaning: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly value: number;
  readonly initial: number;
  readonly onChange: (value: number) => void;
}) {
  const { label, meaning, least, most, step, value, initial, onChange } = props;
  return (
    <Field label={label} meaning={meaning} isChanged={value !== initial} onReset={() => onChange(initial)}>
      <NumberInput
        size="xs"
        aria-label={label}
        title={meaning}
        min={least}
        max={most}
        step={step}
        allowDecimal={!Number.isInteger(step)}
        decimalScale={6}
        value={value}
        onChange={(given) => {
          if (typeof given === 'number' && given >= least && given <= most) onChange(given);
        }}
      />
    </Field>
  );
}
