import { Button, Group, Stack, Text } from '@mantine/core';
import { formatBytes } from '../../data/errors.ts';
import type { Precision } from '../../models/weights/convert.ts';
import { convertModel } from '../commands/convert-model.ts';
import type { ModelReport } from '../handle.ts';
import type { Attempt } from './models-panel.tsx';

const EFFECTS: Readonly<Record<Precision, string>> = {
  float16: 'results all but the same',
  int8: 'results slightly different',
};

/** What a stored model can be made of, how large it is then, and what that does. */
export function ModelSmaller({
  model: { id, bytes, precision, smaller, inUse },
  attempt,
  onClose,
}: {
  readonly model: ModelReport;
  readonly attempt: Attempt;
  readonly onClose: () => void;
}) {
  return (
    <Stack component="section" gap={6} mt={8} aria-label={`Make ${id} smaller`}>
      <Text size="xs" c="var(--quiet)">
        {inUse
          ? 'This model is in use, and the map is made by its weights as they are. Use another model first, then make this one smaller.'
          : `It takes the place of the ${precision} one (${formatBytes(bytes)}) under the same name. Items are embedded anew when you use it. To go back, get the model again.`}
      </Text>
      {smaller.map(({ precision: target, bytes: after }) => (
        <Group key={target} gap="sm" wrap="nowrap">
          <Button
            size="compact-sm"
            variant="light"
            flex="none"
            disabled={inUse}
            onClick={() => {
              onClose();
              attempt(() => convertModel(id, target));
            }}
          >
            {target}: {formatBytes(after)}
          </Button>
          <Text size="xs">
            {Math.round((100 * after) / bytes)} % of the size, {EFFECTS[target]}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
