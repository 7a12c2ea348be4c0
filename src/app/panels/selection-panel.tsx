import { Button, Group, Text } from '@mantine/core';
import { remove } from '../commands/remove.ts';
import { select } from '../commands/select.ts';
import { act } from '../jobs.ts';
import { ItemRow } from '../parts/item-row.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { useApp } from '../store.ts';
import { count } from '../words.ts';

export function SelectionPanel() {
  const selection = useApp((state) => state.selection);
  return (
    <div className="side-body" data-list>
      <Group className="pad" justify="space-between" wrap="nowrap">
        <Text size="sm">{count(selection.length, 'item')} selected</Text>
        <Group gap={6} wrap="nowrap">
          <Button size="compact-sm" variant="default" onClick={() => select([])}>
            Clear
          </Button>
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => act(() => remove(selection))}>
            Remove
          </Button>
        </Group>
      </Group>
      <VirtualList label="Selected items" rows={selection} keyOf={(id) => id}>
        {(id) => <ItemRow id={id} />}
      </VirtualList>
    </div>
  );
}
