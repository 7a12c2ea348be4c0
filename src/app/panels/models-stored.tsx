import { Badge, Button, Group, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { formatBytes } from '../../data/errors.ts';
import { continueDownload, removeModel } from '../commands/models.ts';
import { offerModel } from '../commands/offer-model.ts';
import { switchModel } from '../commands/switch-model.ts';
import type { ModelReport } from '../handle.ts';
import { EMBEDDED } from '../model-choice.ts';
import { useApp } from '../store.ts';
import type { Attempt } from './models-panel.tsx';
import { ModelSmaller } from './models-smaller.tsx';

/** The embedded model and the stored ones: which is in use, how large and how fast they are. */
export function ModelsStored({
  models,
  attempt,
}: {
  readonly models: readonly ModelReport[];
  readonly attempt: Attempt;
}) {
  const list = useRef<HTMLUListElement>(null);
  return (
    <ul className="models" ref={list} tabIndex={-1}>
      {models.map((model) => (
        <li key={`${model.id} ${model.revision} ${model.complete}`}>
          <ModelRow model={model} attempt={attempt} onDeleted={() => list.current?.focus()} />
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  readonly model: ModelReport;
  readonly attempt: Attempt;
  /** The button that had the focus is gone then. */
  readonly onDeleted: () => void;
}

function ModelRow({ model, attempt, onDeleted }: RowProps) {
  const { id, inUse, complete, source, smaller } = model;
  const [shrinks, setShrinks] = useState(false);
  const name = source === 'embedded' ? 'The embedded model' : id;
  return (
    <>
      <Group justify="space-between" gap="sm">
        <div className="model-name">
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <Text size="xs" c="var(--quiet)">
            {factsOf(model)}
          </Text>
        </div>
        <Group gap={6} wrap="nowrap" flex="none">
          {inUse && <Badge color="teal.9">In use</Badge>}
          {!inUse && complete && (
            <Button
              size="compact-sm"
              variant="light"
              aria-label={`Use ${name}`}
              onClick={() => attempt(() => switchModel(id))}
            >
              Use
            </Button>
          )}
          {isUnfinishedDownload(model) && <GoOnButton model={model} attempt={attempt} />}
          {smaller.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Make ${id} smaller`}
              aria-expanded={shrinks}
              onClick={() => setShrinks(!shrinks)}
            >
              Smaller…
            </Button>
          )}
          {!inUse && id !== EMBEDDED && (
            <DeleteButton model={model} attempt={attempt} onDeleted={onDeleted} />
          )}
        </Group>
      </Group>
      {shrinks && <ModelSmaller model={model} attempt={attempt} onClose={() => setShrinks(false)} />}
    </>
  );
}

function GoOnButton({ model: { id, revision }, attempt }: Omit<RowProps, 'onDeleted'>) {
  // While it comes it is unfinished, too.
  const isBusy = useApp((state) => state.jobs.length > 0);
  return (
    <Button
      size="compact-sm"
      variant="light"
      aria-label={`Go on with ${id}`}
      disabled={isBusy}
      onClick={() =>
        attempt(async () => {
          await continueDownload(id, revision);
          offerModel(id);
        })
      }
    >
      Go on
    </Button>
  );
}

function DeleteButton({ model, attempt, onDeleted }: RowProps) {
  const [asks, setAsks] = useState(false);
  // One button all along, so that the focus stays on it.
  const button = useRef<HTMLButtonElement>(null);
  const ask = (wanted: boolean) => {
    setAsks(wanted);
    button.current?.focus();
  };
  const remove = () => {
    setAsks(false);
    attempt(async () => {
      await removeModel(model.id, model.complete ? 'all' : 'unfinished');
      onDeleted();
    });
  };
  return (
    <>
      <Button
        ref={button}
        size="compact-sm"
        variant={asks ? 'filled' : 'subtle'}
        color="red"
        aria-label={asks ? undefined : `Delete ${model.id}`}
        onClick={() => (asks ? remove() : ask(true))}
      >
        {asks ? `Delete ${formatBytes(model.bytes)}` : 'Delete'}
      </Button>
      {asks && (
        <Button size="compact-sm" variant="default" onClick={() => ask(false)}>
          Keep
        </Button>
      )}
    </>
  );
}

function factsOf(model: ModelReport): string {
  const { source, complete, bytes, precision, revision, picturesPerSecond, takes } = model;
  const where = { embedded: 'ships with this page', hub: 'downloaded', files: 'from your files' }[source];
  const commit = /^[0-9a-f]{40}$/.test(revision) ? `version ${revision.slice(0, 7)}` : '';
  const speed = picturesPerSecond === undefined ? '' : `${rounded(picturesPerSecond)} pictures/s here`;
  const only = takes && `${takes} only`;
  const state = complete ? '' : unfinishedOf(model);
  const kept = precision === 'mixed' ? 'float16 and int8' : precision;
  return [only, formatBytes(bytes), kept, where, commit, speed, state].filter(Boolean).join(' · ');
}

function isUnfinishedDownload({ complete, source, precision }: ModelReport): boolean {
  return !complete && source === 'hub' && precision === undefined;
}

function unfinishedOf(model: ModelReport): string {
  if (isUnfinishedDownload(model)) return 'not finished';
  if (model.precision !== undefined) return 'not finished: make the model smaller again, or delete this';
  return 'not finished: give its files again, or delete it';
}

function rounded(rate: number): string {
  return rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
}
