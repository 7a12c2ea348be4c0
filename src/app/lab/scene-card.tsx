import { ActionIcon, Button } from '@mantine/core';
import { IconPlayerPlay, IconX } from '@tabler/icons-react';
import { renderCaption } from '../../lab/world/caption.ts';
import { FACTORS, MODALITIES } from '../../lab/world/factors.ts';
import { act } from '../jobs.ts';
import type { ShownItem } from './map-frames.ts';
import { ScenePicture } from './scene-picture.tsx';
import { MODALITY_NAMES, playSound } from './scene-pictures.ts';

interface SceneCardProps {
  readonly item: ShownItem;
  /** Stays, and can be worked, until it is closed. */
  readonly pinned: boolean;
  readonly onClose: () => void;
}

/** A scene in all its modalities, and what is so of it. */
export function SceneCard({ item: { scene, modality }, pinned, onClose }: SceneCardProps) {
  return (
    <aside className="lab-card" aria-label="Scene" data-pinned={pinned || undefined}>
      {pinned && (
        <ActionIcon
          className="lab-card-close"
          variant="subtle"
          color="gray"
          size="sm"
          aria-label="Close the scene"
          onClick={onClose}
        >
          <IconX size={16} />
        </ActionIcon>
      )}
      <p className="lab-card-caption" data-shown={modality === 'text' || undefined}>
        “{renderCaption(scene)}”
      </p>
      <ul className="lab-card-pictures">
        {MODALITIES.flatMap((each) =>
          each === 'text' ? (
            []
          ) : (
            <li key={each} data-shown={each === modality || undefined}>
              <ScenePicture scene={scene} modality={each} />
              <span>{MODALITY_NAMES[each]}</span>
            </li>
          ),
        )}
      </ul>
      <dl className="lab-card-levels">
        {FACTORS.map((factor) => (
          <div key={factor}>
            <dt>{factor}</dt>
            <dd>{scene.levels[factor]}</dd>
          </div>
        ))}
      </dl>
      {pinned ? (
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconPlayerPlay size={14} />}
          onClick={() => act(() => playSound(scene))}
        >
          Play its sound
        </Button>
      ) : (
        <p className="lab-quiet">Click to keep it here and hear it.</p>
      )}
    </aside>
  );
}
