import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { showLabels } from '../commands/label.ts';
import { labelsIn } from '../commands/labels-in.ts';
import { clearSearch, showSearch } from '../commands/search.ts';
import { act } from '../jobs.ts';
import { useApp } from '../store.ts';
import { isTyping } from '../use-shortcuts.ts';
import { openDialog } from './dialogs.tsx';

/** Words find items; several labels with commas make the table; a picture dropped here finds its like. */
export function SearchBox() {
  const [text, setText] = useState('');
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const active = useApp(
    (state) => state.search !== undefined || state.labels !== undefined || state.searching !== undefined,
  );
  const pictureUrl = useApp((state) => state.search?.pictureUrl);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') {
        event.preventDefault();
        input.current?.focus();
      } else if (event.key === '?') openDialog('help');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  // The answer may be cleared elsewhere, by Escape or with the collection; the box then lets go of its words too.
  const wasActive = useRef(active);
  useEffect(() => {
    if (wasActive.current && !active) setText('');
    wasActive.current = active;
  }, [active]);

  // Labels can also come from their dialog.
  const labels = useApp((state) => state.labels?.labels);
  useEffect(() => {
    if (labels) setText((typed) => (sameWords(labelsIn(typed), labels) ? typed : labels.join(', ')));
  }, [labels]);

  const submit = () => {
    const query = text.trim();
    if (query === '') return act(clearSearch);
    const labels = labelsIn(query);
    act(() => (labels.length > 1 ? showLabels(labels) : showSearch(query)));
  };
  const reset = () => {
    setText('');
    act(clearSearch);
    input.current?.focus();
  };
  const onDrop = (event: DragEvent) => {
    const file = event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    setText('');
    act(() => showSearch(file));
  };

  return (
    <search className="search" data-over={over || undefined}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <TextInput
          ref={input}
          aria-label="Search by words, or drop a picture here"
          placeholder="Search: bird, or dog, cat, car to compare, or drop a picture here"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && reset()}
          leftSection={
            pictureUrl ? (
              <img
                src={pictureUrl}
                alt="Searched for this"
                width={24}
                height={24}
                style={{ objectFit: 'contain' }}
              />
            ) : (
              <IconSearch size={17} />
            )
          }
          rightSection={
            (text !== '' || active) && <CloseButton aria-label="Clear the search" onClick={reset} />
          }
        />
      </form>
    </search>
  );
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at]);
}
