import { Button, Group, Kbd, Modal, Table, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { create } from 'zustand';
import { addTexts } from '../commands/add.ts';
import { act } from '../jobs.ts';
import { lazyPanel } from '../parts/lazy-panel.tsx';

type DialogName = 'words' | 'help' | 'models' | 'labels';

// Most visits do not open it, and it brings the code for downloads and storage.
const ModelsPanel = lazyPanel(async () => (await import('./models-panel.tsx')).ModelsPanel, {
  name: 'The list of models',
  fallback: <Text size="sm">Loading…</Text>,
});
const LabelsForm = lazyPanel(async () => (await import('./labels-form.tsx')).LabelsForm, {
  name: 'The form for labels',
  fallback: <Text size="sm">Loading…</Text>,
});

const useDialog = create<{ readonly open: DialogName | undefined }>(() => ({ open: undefined }));

export const openDialog = (name: DialogName): void => useDialog.setState({ open: name });
const close = (): void => useDialog.setState({ open: undefined });

const CLOSE = { 'aria-label': 'Close' };

export function Dialogs() {
  const open = useDialog((state) => state.open);
  return (
    <>
      <Modal
        opened={open === 'words'}
        onClose={close}
        title="Type or paste words"
        centered
        closeButtonProps={CLOSE}
      >
        <WordsForm />
      </Modal>
      <Modal
        opened={open === 'help'}
        onClose={close}
        title="Keyboard and mouse"
        size="lg"
        centered
        closeButtonProps={CLOSE}
      >
        <Shortcuts />
      </Modal>
      <Modal
        opened={open === 'models'}
        onClose={close}
        title="Models"
        size="lg"
        centered
        closeButtonProps={CLOSE}
      >
        <ModelsPanel />
      </Modal>
      <Modal
        opened={open === 'labels'}
        onClose={close}
        title="Labels and templates"
        centered
        closeButtonProps={CLOSE}
      >
        <LabelsForm onDone={close} />
      </Modal>
    </>
  );
}

function WordsForm() {
  const [text, setText] = useState('');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const submit = () => {
    close();
    act(() => addTexts(lines));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (lines.length > 0) submit();
      }}
    >
      <Textarea
        label="A line an item"
        placeholder={'a red bicycle\nsomething to eat\nanimals that fly'}
        autosize
        minRows={5}
        maxRows={14}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && lines.length > 0) submit();
        }}
        data-autofocus
      />
      <Group justify="space-between" mt="md">
        <Text size="sm" c="var(--quiet)">
          {lines.length === 0
            ? 'Ctrl + Enter adds them'
            : `${lines.length} ${lines.length === 1 ? 'item' : 'items'}`}
        </Text>
        <Button type="submit" disabled={lines.length === 0}>
          Add to the map
        </Button>
      </Group>
    </form>
  );
}

/** Keys, what they do, and whether they are pressed together. */
const SHORTCUTS: readonly (readonly [readonly string[], string, 'together'?])[] = [
  [['/'], 'Go to the search box'],
  [['drag'], 'Pan the map; orbit in 3D'],
  [['wheel'], 'Zoom toward the pointer'],
  [['Shift', 'drag'], 'Select with a box in 2D', 'together'],
  [['← ↑ → ↓'], 'Pan or orbit, when the map has the focus'],
  [['+', '−'], 'Zoom'],
  [['0'], 'Fit everything'],
  [['n', 'p'], 'Step to the next and the previous item'],
  [['Enter'], 'Select the item under the marker'],
  [['Delete'], 'Remove what is selected'],
  [['Ctrl', 'A'], 'Select everything', 'together'],
  [['Esc'], 'Clear the selection, then the search'],
  [['Ctrl', 'V'], 'Add what is on the clipboard', 'together'],
  [['l'], 'Compare the pictures with labels'],
  [['g'], 'Play with the metrics'],
  [['t'], 'Watch a model learn, in the lab'],
  [['c'], 'Compare metrics, models and projections side by side'],
  [['x'], 'See all distances as a matrix'],
  [['r'], 'Read the measures: metrics, map and space'],
  [['m'], 'Choose the model'],
  [['?'], 'This page'],
];

function Shortcuts() {
  return (
    <Table verticalSpacing={6}>
      <Table.Tbody>
        {SHORTCUTS.map(([keys, meaning, chord]) => (
          <Table.Tr key={meaning}>
            <Table.Td w={180}>
              {keys.map((key, index) => (
                <span key={key}>
                  {index > 0 && (chord ? ' + ' : ' or ')}
                  <Kbd>{key}</Kbd>
                </span>
              ))}
            </Table.Td>
            <Table.Td>{meaning}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
