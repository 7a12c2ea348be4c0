import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Answering } from '../measures/ask.ts';
import { count } from '../words.ts';

/** What became of a question: its progress, a way to ask it, or its answer. */
export function Asked<T>(props: {
  readonly asked: Answering<T>;
  /** Items that the question is of; nothing is asked of fewer than three. */
  readonly items: number;
  /** Why nothing can be asked yet. */
  readonly waiting?: string | undefined;
  readonly children: (answer: T) => ReactNode;
}) {
  const { asked, items, waiting, children } = props;
  const { answer, progress, start, stop } = asked;
  if (answer !== undefined) return children(answer);
  if (waiting !== undefined) return <Quiet>{waiting}</Quiet>;
  if (items < 3) return <Quiet>Three items are needed to have something to compare. Add some.</Quiet>;
  if (progress?.type === 'running') {
    const { done, total, what } = progress;
    return (
      <div role="status">
        <div className="measures-line">
          {/* Its bar stands over the map, as that of every job does. */}
          <Text size="sm">
            {what || 'Waiting for what is measured before'}
            {total > 0 && <span aria-hidden="true"> · {Math.floor((100 * done) / total)} %</span>}
          </Text>
          <Button size="compact-xs" variant="default" onClick={stop}>
            Stop
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div role="status">
      {progress?.type === 'failed' && <Text size="sm">{progress.reason}</Text>}
      {progress?.type === 'stopped' && <Quiet>Stopped.</Quiet>}
      <Button size="compact-sm" mt={6} onClick={start}>
        {progress?.type === 'failed' ? 'Try again' : `Measure ${count(items, 'item')}`}
      </Button>
    </div>
  );
}

export function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="var(--quiet)">
      {children}
    </Text>
  );
}
