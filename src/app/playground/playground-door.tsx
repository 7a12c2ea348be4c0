import { type ComponentType, lazy, Suspense } from 'react';
import { notify } from '../jobs.ts';
import { closePlayground, usePlayground } from './address.ts';
import type { PlaygroundProps } from './playground.tsx';

// Most visits do not open it.
const Playground = lazy<ComponentType<PlaygroundProps>>(() =>
  import('./playground.tsx').then(
    ({ Playground }) => ({ default: Playground }),
    () => {
      notify('error', 'The playground could not be loaded. Reload the page to try again.');
      return { default: () => null };
    },
  ),
);

export function PlaygroundDoor() {
  const { open, wasOpened } = usePlayground();
  return (
    wasOpened && (
      <Suspense fallback={null}>
        <Playground opened={open} onClose={closePlayground} />
      </Suspense>
    )
  );
}
