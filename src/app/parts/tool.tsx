import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface ToolProps {
  /** What is told on hover. */
  readonly label: string;
  /** What a screen reader calls it, where the label changes with the state; else the label. */
  readonly name?: string;
  /** Whether it is on, for a tool that is on or off. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** One icon of a tool bar. */
export function Tool({ label, name = label, pressed, disabled = false, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={pressed ? 'filled' : 'subtle'}
        color={pressed ? 'indigo' : 'gray'}
        aria-label={name}
        {...(pressed !== undefined && { 'aria-pressed': pressed })}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface Zoomable {
  zoomBy(factor: number): void;
  fitAll(): void;
}

/** Zooming what is on screen when one of them is pressed. */
export function ZoomTools(props: { readonly step: number; readonly onScreen: () => Zoomable | undefined }) {
  const { step, onScreen } = props;
  return (
    <>
      <Tool label="Zoom in" onClick={() => onScreen()?.zoomBy(step)}>
        <IconPlus size={18} />
      </Tool>
      <Tool label="Zoom out" onClick={() => onScreen()?.zoomBy(1 / step)}>
        <IconMinus size={18} />
      </Tool>
      <Tool label="Fit everything (0)" onClick={() => onScreen()?.fitAll()}>
        <IconMaximize size={18} />
      </Tool>
    </>
  );
}

/** Leaves a view for the map. */
export function EndButton(props: { readonly className: string; readonly onClick: () => void }) {
  return (
    <Button
      className={props.className}
      size="compact-sm"
      variant="subtle"
      color="gray"
      leftSection={<IconX size={15} />}
      onClick={props.onClick}
    >
      End
    </Button>
  );
}
