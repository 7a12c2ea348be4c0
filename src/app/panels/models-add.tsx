import { Anchor, Button, Group, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { formatBytes } from '../../data/errors.ts';
import { HUB } from '../../models/hub/repository.ts';
import { type MenuModel, MODEL_MENU } from '../../models/model-menu.ts';
import { addModel } from '../commands/models.ts';
import { offerModel } from '../commands/offer-model.ts';
import type { ModelReport } from '../handle.ts';
import { choose } from '../pick-files.ts';
import type { Attempt } from './models-panel.tsx';

const MODEL_FILES = '.safetensors,.json,.txt,.bin,.zip';

/** Ways to get a model: from the menu, by its name on the hub, or from one's own files. */
export function ModelsAdd({
  models,
  attempt,
}: {
  readonly models: readonly ModelReport[];
  readonly attempt: Attempt;
}) {
  const add = (source: string | readonly File[]) =>
    attempt(async () => {
      const { id } = await addModel(source);
      offerModel(id);
    });
  const addFiles = (folder: boolean) =>
    attempt(async () => {
      const files = await choose(folder, MODEL_FILES);
      if (files.length > 0) add(files);
    });
  return (
    <>
      <section aria-label="Models on the hub">
        <Title order={3} size="h5" mb={6}>
          From the Hugging Face hub
        </Title>
        <ul className="models">
          {MODEL_MENU.map((model) => {
            const isStored = models.some(({ id, complete }) => complete && id === model.repository);
            return (
              <li key={model.repository}>
                <MenuRow model={model} isStored={isStored} onDownload={() => add(model.repository)} />
              </li>
            );
          })}
        </ul>
        <RepositoryField onDownload={add} />
      </section>
      <section aria-label="Models from your files">
        <Title order={3} size="h5" mb={6}>
          From your files
        </Title>
        <Text size="sm" c="var(--quiet)" mb={8}>
          The folder of a CLIP, a sentence model, a DINOv2 or ViT, or a zip of it: model.safetensors,
          config.json, tokenizer.json or preprocessor_config.json, and what lies beside them. Or of a tfjs
          model for pictures: model.json and its files of weights. They may also be dropped anywhere on the
          page. Nothing is sent anywhere.
        </Text>
        <Group gap="sm">
          <Button size="xs" variant="default" onClick={() => addFiles(false)}>
            Use files…
          </Button>
          <Button size="xs" variant="default" onClick={() => addFiles(true)}>
            Use a folder…
          </Button>
        </Group>
      </section>
    </>
  );
}

interface MenuRowProps {
  readonly model: MenuModel;
  readonly isStored: boolean;
  readonly onDownload: () => void;
}

function MenuRow({ model, isStored, onDownload }: MenuRowProps) {
  const { name, repository, bytes, license, speed, accuracy, takes } = model;
  const accurate = accuracy === undefined ? '' : `zero-shot ImageNet accuracy ${accuracy} %`;
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <div className="model-name">
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="xs" c="var(--quiet)">
          {[takes && `${takes} only`, formatBytes(bytes), license, speed, accurate]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        <Anchor size="xs" href={`${HUB}/${repository}`} target="_blank" rel="noreferrer">
          {repository}
        </Anchor>
      </div>
      {isStored ? (
        <Text size="sm" c="var(--quiet)">
          Stored
        </Text>
      ) : (
        <Button
          flex="none"
          size="compact-sm"
          variant="light"
          aria-label={`Download ${name}`}
          onClick={onDownload}
        >
          Download
        </Button>
      )}
    </Group>
  );
}

function RepositoryField({ onDownload }: { readonly onDownload: (repository: string) => void }) {
  const [text, setText] = useState('');
  const isEmpty = text.trim() === '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) onDownload(text);
      }}
    >
      <Group align="end" gap="sm" mt="sm" wrap="nowrap">
        <TextInput
          size="xs"
          style={{ flex: 1 }}
          label="Another model, by its name or address"
          placeholder="owner/name, its page, or a tfjs model.json"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button flex="none" size="xs" type="submit" disabled={isEmpty}>
          Download
        </Button>
      </Group>
    </form>
  );
}
