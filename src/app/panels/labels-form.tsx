import { Button, Group, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { showLabelsIn } from '../commands/label.ts';
import { act, messageOf } from '../jobs.ts';
import {
  checkTemplates,
  fillTemplates,
  linesIn,
  suitedTemplates,
  TEMPLATE_PRESETS,
} from '../label-templates.ts';
import { readApp } from '../store.ts';
import { count } from '../words.ts';

/** Labels to tell pictures apart by, and the templates that they are averaged over. */
export function LabelsForm({ onDone }: { readonly onDone: () => void }) {
  const [labelText, setLabelText] = useState(() => readApp().labels?.labels.join('\n') ?? '');
  const [suited] = useState(() => suitedTemplates(readApp().model ?? {}).join('\n'));
  const [templateText, setTemplateText] = useState(() => readApp().labelTemplates?.join('\n') ?? suited);
  const labels = linesIn(labelText);
  const templates = linesIn(templateText);
  const texts = fillTemplates(labels, templates);
  const fault = faultOf(templates);
  const canSubmit = labels.length > 0 && fault === undefined;
  const submit = () => {
    if (!canSubmit) return;
    onDone();
    act(() => showLabelsIn(templates.join('\n') === suited ? undefined : templates, labels));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <Textarea
        label="A label a line"
        placeholder={'dog\ncat\ncar'}
        autosize
        minRows={4}
        maxRows={10}
        value={labelText}
        onChange={(event) => setLabelText(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        mt="md"
        label="A template a line, {} is the label"
        description="Each label's vector is the mean over its templates. Models that learned from captions know phrases better than single words."
        autosize
        minRows={2}
        maxRows={10}
        value={templateText}
        error={fault}
        onChange={(event) => setTemplateText(event.currentTarget.value)}
      />
      <Group gap={6} mt={6}>
        {TEMPLATE_PRESETS.map(({ name, templates: preset }) => (
          <Button
            key={name}
            size="compact-xs"
            variant={preset.join('\n') === templates.join('\n') ? 'light' : 'default'}
            onClick={() => setTemplateText(preset.join('\n'))}
          >
            {name}
          </Button>
        ))}
      </Group>
      <Text size="sm" c="var(--quiet)" mt="md">
        {canSubmit
          ? `${count(texts.length, 'text')} to embed: “${texts[0]}”${texts.length > 1 ? ', …' : ''}`
          : labels.length === 0 && 'Ctrl + Enter compares.'}
      </Text>
      <Group justify="flex-end" mt="sm">
        <Button type="submit" disabled={!canSubmit}>
          Compare the pictures
        </Button>
      </Group>
    </form>
  );
}

function faultOf(templates: readonly string[]): string | undefined {
  try {
    checkTemplates(templates);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
