import { ActionIcon, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { act } from '../jobs.ts';

const KINDS = [
  { kind: 'png', label: 'Picture (PNG)' },
  { kind: 'svg', label: 'Drawing (SVG)' },
] as const;

/** What is drawn, as a file. */
export function PictureMenu() {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon className="pg-export" variant="subtle" color="gray" aria-label="Export the drawing">
          <IconDownload size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {KINDS.map(({ kind, label }) => (
          <Menu.Item
            key={kind}
            onClick={() =>
              act(async () => (await import('../export/commands.ts')).download(kind, { view: 'playground' }))
            }
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
