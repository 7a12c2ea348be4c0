import { SegmentedControl } from '@mantine/core';
import { lazyPanel } from '../parts/lazy-panel.tsx';
import { type Focus, useApp, writeApp } from '../store.ts';
import { CollectionPanel } from './collection-panel.tsx';
import { ItemDetails } from './item-details.tsx';
import { SearchResults } from './search-results.tsx';
import { SelectionPanel } from './selection-panel.tsx';

// Nothing of it is needed for the first look.
const MeasuresPanel = lazyPanel(async () => (await import('./measures-panel.tsx')).MeasuresPanel, {
  name: 'The measures',
});
const LabelTable = lazyPanel(async () => (await import('./label-table.tsx')).LabelTable, {
  name: 'The table of labels',
});

export function SidePanel() {
  const panel = useApp((state) => state.panel);
  const focus = useApp((state) => state.focus);
  return (
    <aside className="side" aria-label="Collection and details">
      <div className="pad" style={{ paddingBottom: 0 }}>
        <SegmentedControl
          fullWidth
          aria-label="What the side panel shows"
          value={panel}
          onChange={(panel) => writeApp({ panel })}
          data={[
            { value: 'details', label: titleOf(focus) },
            { value: 'collection', label: 'Collection' },
            { value: 'measures', label: 'Measures' },
          ]}
        />
      </div>
      {panel === 'collection' ? (
        <CollectionPanel />
      ) : panel === 'measures' ? (
        <MeasuresPanel />
      ) : (
        <Details focus={focus} />
      )}
    </aside>
  );
}

function titleOf(focus: Focus): string {
  if (focus.type === 'item') return 'Item';
  if (focus.type === 'search') return 'Search';
  if (focus.type === 'labels') return 'Labels';
  return focus.type === 'selection' ? 'Selection' : 'Details';
}

function Details({ focus }: { focus: Focus }) {
  if (focus.type === 'item') return <ItemDetails id={focus.id} />;
  if (focus.type === 'search') return <SearchResults />;
  if (focus.type === 'labels') return <LabelTable />;
  if (focus.type === 'selection') return <SelectionPanel />;
  return (
    <div className="side-body" style={{ color: 'var(--quiet)', fontSize: 14 }}>
      <p>Click or tap something on the map to see what is nearest to it.</p>
      <p>
        Search with words. Several labels with commas between them ("dog, cat, car") make a table of
        probabilities; so does the key <kbd>l</kbd>, with templates for them.
      </p>
      <p>The tools at the top left select with a box or a lasso, and so does Shift with a drag.</p>
    </div>
  );
}
