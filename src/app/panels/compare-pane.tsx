import { Button, Progress, Text } from '@mantine/core';
import { memo } from 'react';
import { retryPane, stopPane } from '../compare/commands.ts';
import { embedWith } from '../compare/embed-pane.ts';
import { differences, nameAmong } from '../compare/pane-names.ts';
import { modelName, paneLetter } from '../compare/setting.ts';
import { type ComparePane, usePaneSettings } from '../compare/state.ts';
import { varianceText } from '../compare/variance-words.ts';
import { act } from '../jobs.ts';
import { count } from '../words.ts';
import { useCompareMap } from './compare-map.ts';
import { ComparePaneHead } from './compare-pane-head.tsx';

/** One pane: what it shows, its map, and how far it has come. Drawn anew only when its own state changes. */
export const ComparePaneView = memo(function ComparePaneView(props: {
  readonly pane: ComparePane;
  readonly index: number;
  readonly count: number;
}) {
  const { pane, index } = props;
  const host = useCompareMap(pane.id);
  const stale = pane.progress.type !== 'done';
  const panes = usePaneSettings();
  return (
    <section
      className="compare-pane"
      aria-label={`Pane ${paneLetter(index)}: ${nameAmong(pane.setting, panes)}`}
    >
      <ComparePaneHead {...props} />
      <div className="compare-map" data-stale={stale || undefined} ref={host} />
      <Caption pane={pane} />
      <div className="compare-progress" role="status">
        <ProgressOf pane={pane} />
      </div>
    </section>
  );
});

function Caption({ pane }: { pane: ComparePane }) {
  const { layout, setting, progress } = pane;
  const panes = usePaneSettings();
  if (progress.type !== 'done' || !layout) return null;
  const explained = varianceText(layout);
  const parts = [
    ...differences(setting, panes),
    ...(explained ? [explained] : []),
    ...(layout.ids.length === 0 ? ['Nothing in this space yet'] : []),
  ];
  return <div className="compare-caption">{parts.join(' · ')}</div>;
}

function ProgressOf({ pane }: { pane: ComparePane }) {
  const { progress, id, setting } = pane;
  switch (progress.type) {
    case 'done':
      return null;
    case 'waiting':
      return <Text size="sm">Waiting for the other panes</Text>;
    case 'computing':
      return (
        <>
          <div className="compare-progress-line">
            <Text size="sm" aria-hidden="true">
              {progress.what || 'Beginning'}
            </Text>
            <Button size="compact-xs" variant="default" onClick={() => stopPane(id)}>
              Stop
            </Button>
          </div>
          <Progress
            size="sm"
            mt={6}
            aria-label="Laying this pane out"
            value={progress.total > 0 ? (100 * progress.done) / progress.total : 0}
          />
        </>
      );
    case 'stopped':
      return (
        <div className="compare-progress-line">
          <Text size="sm">Stopped</Text>
          <Button size="compact-xs" onClick={() => retryPane(id)}>
            Lay it out
          </Button>
        </div>
      );
    case 'failed':
      return (
        <>
          <Text size="sm">{progress.reason}</Text>
          <Button size="compact-xs" mt={6} onClick={() => retryPane(id)}>
            Try again
          </Button>
        </>
      );
    case 'unembedded':
      return (
        <>
          <Text size="sm">
            {count(progress.count, 'item')} not seen by {modelName(setting.model)} yet.
          </Text>
          <Button size="compact-xs" mt={6} onClick={() => act(() => embedWith(setting.model))}>
            Embed with it
          </Button>
        </>
      );
  }
}
