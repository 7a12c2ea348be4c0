import { Button, Group, Select, Text } from '@mantine/core';
import { IconSearch, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Id } from '../../data/item.ts';
import { changeSettings } from '../commands/arrange.ts';
import { type Near, nearestTo } from '../commands/measure.ts';
import { remove } from '../commands/remove.ts';
import { showSearch } from '../commands/search.ts';
import { act, messageOf } from '../jobs.ts';
import { METRICS } from '../metric-list.ts';
import { ItemRow } from '../parts/item-row.tsx';
import { Preview } from '../parts/preview.tsx';
import { collection } from '../services.ts';
import { useApp } from '../store.ts';
import { distanceText } from '../words.ts';

const NEAREST = 12;

export function ItemDetails({ id }: { id: Id }) {
  const entry = collection.get(id);
  if (!entry) return <div className="side-body">This item was removed.</div>;
  const { item } = entry;
  return (
    <div className="side-body" style={{ padding: '12px 0' }}>
      <div style={{ padding: '0 12px' }}>
        <Preview id={id} />
        <Text fw={600} mt={8} style={{ overflowWrap: 'anywhere' }}>
          {item.name}
        </Text>
        <Text size="sm" c="var(--quiet)">
          {item.kind === 'picture' ? `${item.width} × ${item.height} pixels · ${item.source}` : item.source}
        </Text>
        {item.tags && item.tags.length > 0 && (
          <Text size="sm" c="var(--quiet)">
            {item.tags.join(', ')}
          </Text>
        )}
        {entry.guesses && entry.guesses.length > 0 && (
          <Text size="sm" mt={4}>
            The model sees:{' '}
            {entry.guesses
              .slice(0, 3)
              .map(({ label, probability }) => `${label} ${Math.round(probability * 100)} %`)
              .join(', ')}
          </Text>
        )}
        <Group gap="xs" mt="xs">
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconSearch size={14} />}
            onClick={() => act(() => showSearch(id))}
          >
            Light up what is like it
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={14} />}
            onClick={() => act(() => remove([id]))}
          >
            Remove
          </Button>
        </Group>
      </div>
      <Nearest id={id} />
    </div>
  );
}

function Nearest({ id }: { id: Id }) {
  const metric = useApp((state) => state.settings.metric);
  const space = useApp((state) => state.placement?.space);
  const revision = useApp((state) => state.revision);
  const [answer, setAnswer] = useState<{ near: readonly Near[] } | { problem: string } | undefined>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the space or the collection changes
  useEffect(() => {
    const controller = new AbortController();
    nearestTo(id, NEAREST, { signal: controller.signal }).then(
      (near) => !controller.signal.aborted && setAnswer({ near }),
      (error: unknown) => !controller.signal.aborted && setAnswer({ problem: messageOf(error) }),
    );
    return () => controller.abort();
  }, [id, metric, space, revision]);

  return (
    <section aria-label={`The ${NEAREST} nearest`} style={{ marginTop: 14 }}>
      <Group px="sm" mb={4} justify="space-between" wrap="nowrap">
        <Text fw={600} size="sm">
          Nearest
        </Text>
        <Select
          size="xs"
          w={150}
          aria-label="Metric"
          allowDeselect={false}
          value={metric}
          data={METRICS.map(({ id: value, label }) => ({ value, label }))}
          onChange={(value) => {
            const chosen = METRICS.find((entry) => entry.id === value);
            if (chosen) act(() => changeSettings({ metric: chosen.id }));
          }}
        />
      </Group>
      {answer && 'problem' in answer && (
        <Text px="sm" size="sm" c="red">
          {answer.problem}
        </Text>
      )}
      {answer && 'near' in answer && answer.near.length === 0 && (
        <Text px="sm" size="sm" c="var(--quiet)">
          Nothing else is in this space yet.
        </Text>
      )}
      {answer && 'near' in answer && (
        <ol style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {answer.near.map((near) => (
            <li key={near.id}>
              <ItemRow id={near.id}>
                <span className="row-number">{distanceText(near.distance)}</span>
              </ItemRow>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
