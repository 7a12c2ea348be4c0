import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { renderCaption } from '../../lab/world/caption.ts';
import { type Modality, SHOWS } from '../../lab/world/factors.ts';
import { scenesAt } from '../../lab/world/scene.ts';
import { act } from '../jobs.ts';
import { train } from './runs.ts';
import { ScenePicture } from './scene-picture.tsx';
import { MODALITY_NAMES, playSound } from './scene-pictures.ts';

const SEEN: readonly Exclude<Modality, 'text'>[] = ['image', 'depth', 'thermal', 'audio', 'imu'];
const scenes = scenesAt(7, 0, 5);

/** Before the first run: the world that models learn from. */
export function WorldPage() {
  return (
    <div className="lab-world">
      <h2>A model learns here, and you watch</h2>
      <p>
        Its world is made up: one thing on a ground, told by six senses. Everything about a scene is known, so
        that what a model has learned can be measured. Choose an objective, press Start, and see 256 scenes it
        is never trained on find their places.
      </p>
      <Button leftSection={<IconPlayerPlay size={17} />} onClick={train}>
        Start
      </Button>
      <div className="lab-world-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{MODALITY_NAMES.text}</th>
              {SEEN.map((modality) => (
                <th key={modality} scope="col">
                  {MODALITY_NAMES[modality]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scenes.map((scene) => (
              <tr key={scene.index}>
                <th scope="row">“{renderCaption(scene)}”</th>
                {SEEN.map((modality) => (
                  <td key={modality}>
                    <ScenePicture scene={scene} modality={modality} />
                    {modality === 'audio' && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        leftSection={<IconPlayerPlay size={12} />}
                        onClick={() => act(() => playSound(scene))}
                      >
                        Play
                      </Button>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              {(['text', ...SEEN] as const).map((modality) => (
                <td key={modality}>shows {SHOWS[modality].join(', ')}</td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}
