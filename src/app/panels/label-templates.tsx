import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { showLabelsIn } from '../commands/label.ts';
import { act } from '../jobs.ts';
import { suitedTemplates, TEMPLATE_PRESETS } from '../label-templates.ts';
import { type LabelsState, useApp } from '../store.ts';
import { openDialog } from './dialogs.tsx';

const OWN = 'own';

/** What the labels were put into: one of the usual sets, or a person's own. */
export function LabelTemplates({ labels: { templates, labels } }: { readonly labels: LabelsState }) {
  const model = useApp((state) => state.model);
  const suited = suitedTemplates(model ?? {});
  const preset = TEMPLATE_PRESETS.findIndex((each) => isSame(each.templates, templates));
  const choose = (value: string) => {
    const wished = TEMPLATE_PRESETS[Number(value)]?.templates;
    if (!wished) return openDialog('labels');
    act(() => showLabelsIn(isSame(wished, suited) ? undefined : wished, labels));
  };
  return (
    <Group gap="sm" wrap="nowrap" align="center">
      <Text size="xs" component="label" htmlFor="label-templates">
        Each label as
      </Text>
      <NativeSelect
        id="label-templates"
        size="xs"
        style={{ flex: 1, minWidth: 0 }}
        value={preset < 0 ? OWN : String(preset)}
        onChange={(event) => choose(event.currentTarget.value)}
        title={templates.map((template) => template.replaceAll('{}', labels[0] ?? '{}')).join('\n')}
        data={[
          ...TEMPLATE_PRESETS.map(({ name }, at) => ({ value: String(at), label: name })),
          { value: OWN, label: preset < 0 ? `Your own (${templates.length})` : 'Your own…' },
        ]}
      />
      <Button size="compact-xs" variant="default" flex="none" onClick={() => openDialog('labels')}>
        Edit…
      </Button>
    </Group>
  );
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((template, at) => template === b[at]);
}
