import { Group, Loader, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { ItemRow } from '../parts/item-row.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { collection } from '../services.ts';
import { useApp } from '../store.ts';
import { onlyTakes } from '../takes.ts';

type Kind = 'all' | 'picture' | 'text';

/** How many results are listed; the map shows the strength of all. */
const LISTED = 200;

export function SearchResults() {
  const search = useApp((state) => state.search);
  const searching = useApp((state) => state.searching);
  // A model of one kind of thing finds no other.
  const mixed = useApp(({ kinds, model }) => kinds.picture > 0 && kinds.text > 0 && onlyTakes(model) === '');
  // Words are usually typed to find pictures, and other words would stand before all of them.
  const [kind, setKind] = useState<Kind>('picture');
  if (searching !== undefined) {
    return (
      <Group className="side-body" gap="sm" align="center" style={{ flex: 'none' }}>
        <Loader size="sm" />
        <Text size="sm">Searching for “{searching}”</Text>
      </Group>
    );
  }
  if (!search) return null;
  const rows = search.ranked
    .filter(({ id }) => !mixed || kind === 'all' || collection.get(id)?.item.kind === kind)
    .slice(0, LISTED);
  return (
    <div className="side-body" data-list>
      <div className="pad">
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            Nearest to {search.pictureUrl ? 'the picture' : `“${search.query}”`}
          </Text>
          <Text size="xs" c="var(--quiet)" style={{ whiteSpace: 'nowrap' }}>
            {Math.round(search.milliseconds)} ms
          </Text>
        </Group>
        <Text size="xs" c="var(--quiet)">
          Cosine similarity: 1 is the same direction, 0 has nothing in common.
        </Text>
        {mixed && (
          <SegmentedControl
            mt={6}
            size="xs"
            fullWidth
            aria-label="Kinds to list"
            value={kind}
            onChange={(value) => setKind(value === 'picture' || value === 'text' ? value : 'all')}
            data={[
              { value: 'all', label: 'All' },
              { value: 'picture', label: 'Pictures' },
              { value: 'text', label: 'Words' },
            ]}
          />
        )}
      </div>
      <VirtualList label="Search results" rows={rows} keyOf={(row) => row.id}>
        {(row) => (
          <ItemRow id={row.id}>
            <span className="row-number">{row.similarity.toFixed(3)}</span>
          </ItemRow>
        )}
      </VirtualList>
    </div>
  );
}
