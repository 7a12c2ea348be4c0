import { Button } from '@mantine/core';
import { IconVolume } from '@tabler/icons-react';
import { renderCaption } from '../../lab/world/caption.ts';
import { FACTORS } from '../../lab/world/factors.ts';
import { act } from '../jobs.ts';
import { PictureStrip } from './data/picture-strip.tsx';
import { ScenePicture } from './scene-picture.tsx';
import { playScene, scenesOf } from './scenes.ts';
import { useLab } from './state.ts';

const SEEN = ['image', 'depth', 'thermal', 'audio', 'imu'] as const;

/** What was pointed at last: a scene in all six modalities, or a picture with its words. */
export function SceneStrip() {
  const at = useLab((state) => state.scene);
  const settings = useLab((state) => state.runs[0]?.settings);
  if (settings?.data) return <PictureStrip settings={settings} at={at} />;
  const scene = settings && at !== undefined ? scenesOf(settings)[at] : undefined;
  if (!scene) {
    return (
      <p className="lab-strip" data-empty>
        Point at a scene, or tap it, to see it in all six modalities and to hear it.
      </p>
    );
  }
  return (
    <section className="lab-strip" aria-label="Scene">
      {SEEN.map((modality) => (
        <ScenePicture key={modality} scene={scene} modality={modality} side={64} />
      ))}
      <div>
        <p>“{renderCaption(scene)}”</p>
        <p className="lab-factors">
          {FACTORS.map((factor) => `${factor} ${scene.levels[factor]}`).join(' · ')}
        </p>
      </div>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconVolume size={15} />}
        onClick={() => act(() => playScene(scene))}
      >
        Play
      </Button>
    </section>
  );
}
