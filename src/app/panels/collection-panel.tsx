import { Alert, Button, Group, Text } from '@mantine/core';
import { useMemo } from 'react';
import { clear } from '../commands/remove.ts';
import { act } from '../jobs.ts';
import { ItemRow } from '../parts/item-row.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { collection } from '../services.ts';
import { useApp, writeApp } from '../store.ts';
import { count } from '../words.ts';

export function CollectionPanel() {
  const revision = useApp((state) => state.revision);
  const failures = useApp((state) => state.failures);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision says when the collection changed
  const items = useMemo(() => collection.items(), [revision]);
  return (
    <div className="side-body" data-list>
      <Group className="pad" justify="space-between" wrap="nowrap">
        <Text size="sm">{count(items.length, 'item')}</Text>
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => act(() => clear())}>
          Clear
        </Button>
      </Group>
      {failures.length > 0 && <Failures />}
      <VirtualList label="All items" rows={items} keyOf={(item) => item.id}>
        {(item) => <ItemRow id={item.id} />}
      </VirtualList>
    </div>
  );
}

function Failures() {
  const failures = useApp((state) => state.failures);
  return (
    <Alert
      mx="sm"
      mb="sm"
      color="yellow"
      title={`${count(failures.length, 'file')} could not be taken in`}
      withCloseButton
      closeButtonLabel="Forget these"
      onClose={() => writeApp({ failures: [] })}
    >
      <ul
        className="failures"
        style={{ margin: 0, paddingLeft: 18, maxHeight: 160, overflow: 'auto', fontSize: 13 }}
      >
        {failures.map((failure) => (
          <li key={`${failure.name} ${failure.reason}`}>
            {failure.reason.includes(failure.name) ? null : <strong>{failure.name}: </strong>}
            {failure.reason}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
