import { lazyPanel } from '../parts/lazy-panel.tsx';
import { closePlayground, usePlayground } from './address.ts';

// Most visits do not open it.
const Playground = lazyPanel(async () => (await import('./playground.tsx')).Playground, {
  name: 'The playground',
  fails: 'notice',
});

export function PlaygroundDoor() {
  const { open, wasOpened } = usePlayground();
  return wasOpened && <Playground opened={open} onClose={closePlayground} />;
}
