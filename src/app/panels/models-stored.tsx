import { Badge, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { formatBytes } from '../../data/errors.ts';
import { removeModel } from '../commands/models.ts';
import { switchModel } from '../commands/switch-model.ts';
import type { ModelReport } from '../handle.ts';
import { EMBEDDED } from '../model-choice.ts';
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
  return (
    <ul className="models">
      {models.map((model) => (
        <li key={`${model.id} ${model.revision} ${model.complete}`}>
          <ModelRow model={model} attempt={attempt} />
        </li>
      ))}
    </ul>
  );
}

function ModelRow({ model, attempt }: { readonly model: ModelReport; readonly attempt: Attempt }) {
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
          {!inUse && id !== EMBEDDED && <DeleteButton model={model} attempt={attempt} />}
        </Group>
      </Group>
      {shrinks && <ModelSmaller model={model} attempt={attempt} onClose={() => setShrinks(false)} />}
    </>
  );
}

function DeleteButton({ model, attempt }: { readonly model: ModelReport; readonly attempt: Attempt }) {
  const [asks, setAsks] = useState(false);
  if (!asks) {
    return (
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        aria-label={`Delete ${model.id}`}
        onClick={() => setAsks(true)}
      >
        Delete
      </Button>
    );
  }
  return (
    <>
      <Button
        size="compact-sm"
        color="red"
        autoFocus
        onClick={() => {
          setAsks(false);
          attempt(() => removeModel(model.id, model.complete ? 'all' : 'unfinished'));
        }}
      >
        Delete {formatBytes(model.bytes)}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setAsks(false)}>
        Keep
      </Button>
    </>
  );
}

function factsOf({ source, complete, bytes, precision, revision, picturesPerSecond }: ModelReport): string {
  const where = { embedded: 'ships with this page', hub: 'downloaded', files: 'from your files' }[source];
  const commit = /^[0-9a-f]{40}$/.test(revision) ? `version ${revision.slice(0, 7)}` : '';
  const speed = picturesPerSecond === undefined ? '' : `${rounded(picturesPerSecond)} pictures/s here`;
  const state = complete ? '' : 'not finished: download it again to go on, or delete it';
  const kept = precision === 'mixed' ? 'float16 and int8' : precision;
  return [formatBytes(bytes), kept, where, commit, speed, state].filter(Boolean).join(' · ');
}

function rounded(rate: number): string {
  return rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
}
