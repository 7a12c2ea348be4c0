import { Button, NativeSelect, Progress, Text } from '@mantine/core';
import { heldOutCount, type RealData, usableCount } from '../../../lab/data/real-data.ts';
import type { RunSettings } from '../../../lab/training/settings.ts';
import { act } from '../../jobs.ts';
import { useApp } from '../../store.ts';
import { count } from '../../words.ts';
import { useLab } from '../state.ts';
import { chooseData, type DataKind, useLabData } from './choose-data.ts';
import { loadedIds } from './picture-sets.ts';

/** What the runs learn from: the made-up world, or real pictures. */
export function DataField() {
  const settings = useLab((state) => state.drafts[0]);
  const loaded = useApp((state) => state.kinds.picture);
  const { reading, refused, leftOut } = useLabData();
  if (!settings) return null;
  const kind: DataKind = reading?.kind ?? settings.data?.kind ?? 'world';
  const kinds: readonly { readonly value: DataKind; readonly label: string; readonly disabled?: boolean }[] =
    [
      { value: 'world', label: 'The made-up world' },
      { value: 'samples', label: 'The sample pictures' },
      { value: 'loaded', label: `Your pictures (${loaded.toLocaleString('en-US')})`, disabled: loaded === 0 },
    ];
  return (
    <div>
      <NativeSelect
        label="Learns from"
        value={kind}
        data={[...kinds]}
        onChange={({ currentTarget }) => {
          const chosen = kinds.find(({ value }) => value === currentTarget.value);
          if (chosen) act(() => chooseData(chosen.value));
        }}
      />
      {reading && (
        <div role="status">
          <Progress
            size="sm"
            mt={6}
            aria-label="Pictures read"
            value={(100 * reading.done) / Math.max(1, reading.total)}
          />
          <Text size="xs" c="var(--quiet)" mt={4}>
            Reading pictures: {reading.done.toLocaleString('en-US')} of{' '}
            {reading.total.toLocaleString('en-US')}
          </Text>
        </div>
      )}
      {refused !== undefined && (
        <Text size="xs" className="lab-note" role="alert" mt={4}>
          {refused}
        </Text>
      )}
      {!reading && settings.data && (
        <Text size="xs" c="var(--quiet)" mt={4}>
          {[describe(settings, settings.data), leftOut].filter(Boolean).join(' ')}
        </Text>
      )}
      {!reading && settings.data?.kind === 'loaded' && <Changed data={settings.data} />}
    </div>
  );
}

/** What was taken stays, whatever becomes of the pictures in the explorer. */
function Changed({ data }: { readonly data: RealData }) {
  const takenIds = useLabData((state) => state.takenIds);
  // Whenever the collection changes.
  useApp((state) => state.revision);
  if (loadedIds() === takenIds) return null;
  return (
    <div className="lab-note" role="status">
      <Text size="xs">
        Your pictures have changed. The lab keeps the {count(data.count, 'picture')} that it took.
      </Text>
      <Button size="compact-xs" variant="default" mt={4} onClick={() => act(() => chooseData('loaded'))}>
        Take them anew
      </Button>
    </div>
  );
}

function describe(settings: RunSettings, data: RealData): string {
  const usable = usableCount(settings);
  const heldOut = heldOutCount(usable);
  const numbers = `${count(usable - heldOut, 'picture')} to learn from, ${heldOut} held out.`;
  const left = data.count - usable;
  const what = settings.modalities.includes('text') ? 'words that another one has, too' : 'a label';
  const without = left > 0 ? ` ${count(left, 'other')} without ${what}.` : '';
  // The first four tokens are no words.
  const words = settings.modalities.includes('text') ? ` ${count(data.vocabulary.length - 4, 'word')}.` : '';
  return numbers + without + words;
}
