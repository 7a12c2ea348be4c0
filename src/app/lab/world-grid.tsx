import { Button } from '@mantine/core';
import { IconVolume } from '@tabler/icons-react';
import { renderCaption } from '../../lab/world/caption.ts';
import { MODALITIES, SHOWS } from '../../lab/world/factors.ts';
import { act } from '../jobs.ts';
import { MODALITY_WORDS } from './modality-words.ts';
import { ScenePicture } from './scene-picture.tsx';
import { playScene, scenesOf } from './scenes.ts';
import { useLab } from './state.ts';

const SCENES = 6;
const SIDE = 72;

/** What there is to learn from: some scenes in all modalities, and what each modality tells. */
export function WorldGrid() {
  const seed = useLab((state) => state.drafts[0]?.seed ?? 1);
  const scenes = scenesOf({ seed, fixed: {} }).slice(0, SCENES);
  return (
    <div className="lab-world">
      <h2>A world in six modalities</h2>
      <p>
        Every scene is one thing on a plain ground, told in six ways. All that a modality tells is known, so
        what a model can learn from it is known, too. Choose an objective and press Start.
      </p>
      <div className="lab-wide">
        <table>
          <thead>
            <tr>
              {MODALITIES.map((modality) => (
                <th key={modality} scope="col">
                  {MODALITY_WORDS[modality].label}
                  <small>{MODALITY_WORDS[modality].what}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scenes.map((scene) => (
              <tr key={scene.index}>
                {MODALITIES.map((modality) => (
                  <td key={modality} data-modality={modality}>
                    {modality === 'text' ? (
                      <q>{renderCaption(scene)}</q>
                    ) : (
                      <ScenePicture scene={scene} modality={modality} side={SIDE} isNamed={false} />
                    )}
                    {modality === 'audio' && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        leftSection={<IconVolume size={13} />}
                        aria-label={`Play the sound of: ${renderCaption(scene)}`}
                        onClick={() => act(() => playScene(scene))}
                      >
                        Play
                      </Button>
                    )}
                  </td>
                ))}
              </tr>
            ))}
            <tr className="lab-tells">
              {MODALITIES.map((modality) => (
                <td key={modality}>
                  <strong>Tells</strong> {SHOWS[modality].join(', ')}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </div>
  );
}
