import { Button } from '@mantine/core';
import type { ExportOptions } from '../handle.ts';
import { act, notify } from '../jobs.ts';
import { csvOf, type Table } from '../measures/tables.ts';
import { collection } from '../services.ts';

/** What an item is called, in tables and lists. */
export const nameOf = (id: string): string => collection.get(id)?.item.name ?? id;

/** Takes a table out of the page, and what is drawn of it. */
export function SaveTable(props: {
  readonly what: string;
  readonly table: () => Table;
  /** The diagram that shows the same numbers, and of which metric. */
  readonly diagram?: Pick<ExportOptions, 'view' | 'metric'>;
}) {
  const { what, table, diagram } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is drawn as one, and takes no part in a row
    <div
      className="measures-save"
      role="group"
      aria-label={diagram ? `${what} as a file` : `${what} as a table`}
    >
      <span>{what}</span>
      <Save label="Copy as CSV" onClick={() => act(() => copy(table()))}>
        Copy
      </Save>
      <Save label="Save CSV" onClick={() => save(table())}>
        CSV
      </Save>
      {diagram &&
        (['svg', 'png'] as const).map((kind) => (
          <Save
            key={kind}
            label={`Save ${kind.toUpperCase()}`}
            onClick={() => act(async () => (await import('../export/commands.ts')).download(kind, diagram))}
          >
            {kind.toUpperCase()}
          </Save>
        ))}
    </div>
  );
}

/** All of them stand in one line, so that each is a word. */
function Save(props: { readonly label: string; readonly onClick: () => void; readonly children: string }) {
  const { label, onClick, children } = props;
  return (
    <Button size="compact-xs" variant="subtle" px={6} aria-label={label} title={label} onClick={onClick}>
      {children}
    </Button>
  );
}

async function copy(table: Table): Promise<void> {
  await navigator.clipboard.writeText(csvOf(table));
  notify('success', 'Copied.');
}

function save(table: Table): void {
  const url = URL.createObjectURL(new Blob([csvOf(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `nearfield-${table.name}.csv`;
  link.click();
  // The browser reads the file after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
