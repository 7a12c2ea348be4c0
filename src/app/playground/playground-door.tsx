import { lazyPanel } from '../parts/lazy-panel.tsx';
import { playground } from './address.ts';

// Most visits do not open it.
const Playground = lazyPanel(async () => (await import('./playground.tsx')).Playground, {
  name: 'The playground',
  fails: 'notice',
});

export function PlaygroundDoor() {
  const { open, wasOpened } = playground.useOpened();
  return wasOpened && <Playground opened={open} onClose={playground.close} />;
}
