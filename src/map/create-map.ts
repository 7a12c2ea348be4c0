import { Stage } from './stage.ts';
import type { MapOptions, MapStage, MapView, StageOptions } from './types.ts';

/** Makes a map and draws its first frame. It always comes: without any GPU it is dots on a 2D canvas. */
export async function createMap(options: MapOptions): Promise<MapView> {
  const stage = new Stage(options);
  await stage.rebuild(options.device ?? null);
  const pane = await stage.addPane(options);
  pane.onDispose = () => stage.dispose();
  return pane;
}

/** Makes room for several maps that are seen together. */
export async function createStage(options: StageOptions): Promise<MapStage> {
  const stage = new Stage(options);
  await stage.rebuild(options.device ?? null);
  return stage;
}
