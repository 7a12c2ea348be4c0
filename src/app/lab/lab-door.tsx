import { lazyPanel } from '../parts/lazy-panel.tsx';
import { lab } from './address.ts';

// Most visits do not open it.
const Lab = lazyPanel(async () => (await import('./lab.tsx')).Lab, { name: 'The lab', fails: 'notice' });

export function LabDoor() {
  const { open, wasOpened } = lab.useOpened();
  return wasOpened && <Lab opened={open} onClose={lab.close} />;
}
