import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MapView } from '../../src/map/types.ts';
import {
  closeMap,
  Drawn,
  HEIGHT,
  inked,
  items,
  openMap,
  PAPER,
  plain,
  requestDevice,
  WIDTH,
} from './map-helpers.ts';

let device: GPUDevice;
let map: MapView | undefined;

beforeAll(async () => {
  device = await requestDevice();
});

afterEach(() => {
  if (map) closeMap(map);
  map = undefined;
});

const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];

/** One red item on the left, one blue on the right. */
function redAndBlue(view: MapView): void {
  view.setItems(items(2));
  view.setColors(new Uint8Array([...RED, ...BLUE]));
  view.setPositions(new Float32Array([-10, 0, 10, 0]), 2);
}

describe.each([
  { backend: 'webgpu' as const, atMost: undefined },
  { backend: 'webgl' as const, atMost: 'webgl' as const },
  { backend: 'canvas' as const, atMost: 'canvas' as const },
])('on $backend', ({ backend, atMost }) => {
  it('draws dots where the items are, and nothing elsewhere', async () => {
    map = await openMap({ device, atMost });
    expect(map.backend).toBe(backend);
    redAndBlue(map);
    const drawn = await Drawn.of(map);
    const left = map.screenPosition(0);
    const right = map.screenPosition(1);
    expect(left?.x).toBeLessThan(WIDTH / 3);
    expect(right?.x).toBeGreaterThan((2 * WIDTH) / 3);
    expect(drawn.at(left?.x ?? 0, left?.y ?? 0)).toEqual([255, 0, 0]);
    expect(drawn.at(right?.x ?? 0, right?.y ?? 0)).toEqual([0, 0, 255]);
    expect(drawn.at(WIDTH / 2, HEIGHT / 2)).toEqual([...PAPER]);
    expect(drawn.count(inked, WIDTH / 3, 0, (2 * WIDTH) / 3, HEIGHT)).toBe(0);
    expect(map.stats().points).toBe(2);
  });

  it('dims what is not highlighted', async () => {
    map = await openMap({ device, atMost });
    redAndBlue(map);
    map.setHighlights(new Float32Array([0, 1]));
    const drawn = await Drawn.of(map);
    const left = map.screenPosition(0);
    const right = map.screenPosition(1);
    const [red, green] = drawn.at(left?.x ?? 0, left?.y ?? 0);
    expect(red).toBeGreaterThan(245);
    // 15 % of red over the background: 0.85 × 251.
    expect(green).toBeGreaterThan(205);
    expect(green).toBeLessThan(222);
    expect(drawn.at(right?.x ?? 0, right?.y ?? 0)).toEqual([0, 0, 255]);
  });
});

it('draws thumbnails with their colors and their aspect', async () => {
  map = await openMap({ device });
  map.setItems(items(2));
  map.setPositions(new Float32Array([-10, 0, 10, 0]), 2);
  map.setThumbnails([
    { index: 0, image: plain([200, 30, 60], 64, 32) },
    { index: 1, image: plain([20, 160, 80], 300, 300) },
  ]);
  const drawn = await Drawn.of(map);
  expect(map.stats().thumbnails).toBe(2);
  const wide = map.screenPosition(0) ?? { x: 0, y: 0 };
  const square = map.screenPosition(1) ?? { x: 0, y: 0 };
  expect(drawn.at(wide.x + 20, wide.y)).toEqual([200, 30, 60]);
  expect(drawn.at(wide.x, wide.y + 26)).toEqual([...PAPER]);
  expect(drawn.at(square.x - 20, square.y + 26)).toEqual([20, 160, 80]);
});

it('frames a thumbnail in the color that was given to its item', async () => {
  map = await openMap({ device });
  map.setItems(items(2));
  map.setPositions(new Float32Array([-10, 0, 10, 0]), 2);
  map.setThumbnails([0, 1].map((index) => ({ index, image: plain([20, 160, 80]) })));
  const isOrange = (red: number, green: number, blue: number) =>
    red > 230 && green > 120 && green < 160 && blue < 60;
  expect((await Drawn.of(map)).count(isOrange)).toBe(0);
  map.setColors(new Uint8Array([0, 0, 0, 0, 242, 142, 43, 255]));
  const drawn = await Drawn.of(map);
  const framed = map.screenPosition(1) ?? { x: 0, y: 0 };
  expect(drawn.count(isOrange, 0, 0, WIDTH / 2)).toBe(0);
  expect(drawn.count(isOrange, WIDTH / 2)).toBeGreaterThan(100);
  expect(drawn.at(framed.x, framed.y)).toEqual([20, 160, 80]);
});
