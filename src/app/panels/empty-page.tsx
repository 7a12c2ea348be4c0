import { Button, Group, Text } from '@mantine/core';
import { IconFolder, IconPhoto, IconSparkles, IconTypography } from '@tabler/icons-react';
import { addSamples } from '../commands/add.ts';
import { act } from '../jobs.ts';
import { pickFiles, pickFolder } from '../pick-files.ts';
import { openDialog } from './dialogs.tsx';

export function EmptyPage() {
  return (
    <div className="empty">
      <div className="empty-card">
        <h1>Drop pictures, type words, see one map</h1>
        <p>
          Things that mean alike land near each other. Drop pictures, whole folders, text files or a zip
          anywhere on this page. Nothing leaves your machine.
        </p>
        <Group justify="center" gap="sm">
          <Button size="md" leftSection={<IconSparkles size={18} />} onClick={() => act(() => addSamples())}>
            Open the sample set
          </Button>
          <Button
            size="md"
            variant="default"
            leftSection={<IconPhoto size={18} />}
            onClick={() => act(pickFiles)}
          >
            Choose files
          </Button>
          <Button
            size="md"
            variant="default"
            leftSection={<IconFolder size={18} />}
            onClick={() => act(pickFolder)}
          >
            Choose a folder
          </Button>
          <Button
            size="md"
            variant="default"
            leftSection={<IconTypography size={18} />}
            onClick={() => openDialog('words')}
          >
            Type words
          </Button>
        </Group>
        <Text size="sm" c="var(--quiet)" mt="lg">
          PNG, JPEG, WebP, AVIF, GIF, SVG, BMP · .txt (a line an item), .md (a paragraph an item) · zip · or
          paste
        </Text>
      </div>
    </div>
  );
}
