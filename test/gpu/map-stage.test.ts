import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStage } from '../../src/map/create-map.ts';
import type { MapPane, MapStage, StageOptions } from '../../src/map/types.ts';
import { Drawn, HEIGHT, inked, items, plain, requestDevice, WIDTH } from './map-helpers.ts';

let device: GPUDevice;
let stage: MapStage;
let host: HTMLElement;

beforeAll(async () => {
  device = await requestDevice();
});

beforeEach(() => {
  host = document.createElement('div');
  document.body.append(host);
});

afterEach(() => {
  stage.dispose();
  host.remove();
});

async function open(options: Partial<StageOptions> = {}): Promise<void> {
  const onError = (error: Error) => {
    throw error;
  };
  stage = await createStage({ theme: 'light', reducedMotion: true, device, onError, ...options });
}

async function addPane(onThumbnailsWanted?: (indices: Uint32Array) => void): Promise<MapPane> {
  const container = document.createElement('div');
  container.style.cssText = `position:relative;width:${WIDTH}px;height:${HEIGHT}px`;
  host.append(container);
  return stage.addPane({ container, ...(onThumbnailsWanted && { onThumbnailsWanted }) });
}

/** Three items in a row, the first at `first`. */
function place(pane: MapPane, first: number): void {
  pane.setItems(items(3));
  pane.setPositions(new Float32Array([first, 0, 10, 0, -10, 0]), 2);
}

const isGreen = (red: number, green: number, blue: number) => green > 120 && red < 60 && blue < 120;

describe.each([
  { backend: 'webgpu' as const, atMost: undefined },
  { backend: 'webgl' as const, atMost: 'webgl' as const },
  { backend: 'canvas' as const, atMost: 'canvas' as const },
])('on $backend', ({ backend, atMost }) => {
  it('each pane draws its own items where they are', async () => {
    await open({ atMost });
    const left = await addPane();
    const right = await addPane();
    place(left, -5);
    place(right, 5);
    for (const pane of [left, right]) {
      expect(pane.backend).toBe(backend);
      const at = pane.screenPosition(0);
      const drawn = await Drawn.of(pane);
      const ink = (x: number) => drawn.count(inked, x - 9, HEIGHT / 2 - 9, x + 9, HEIGHT / 2 + 9);
      expect(ink(at?.x ?? 0)).toBeGreaterThan(20);
      // Where the other one has it, there is nothing here.
      expect(ink(WIDTH - (at?.x ?? 0))).toBe(0);
    }
  });
});

it('a picture that comes to one pane is drawn in all', async () => {
  await open();
  const asked: number[] = [];
  const left = await addPane((indices) => asked.push(...indices));
  const right = await addPane((indices) => asked.push(...indices));
  place(left, 0);
  place(right, 0);
  await Promise.all([left.settled(), right.settled()]);
  expect(asked).toEqual([0, 1, 2]);
  left.setThumbnails([0, 1, 2].map((index) => ({ index, image: plain([20, 160, 80]) })));
  for (const pane of [left, right]) {
    expect((await Drawn.of(pane)).count(isGreen)).toBeGreaterThan(3000);
  }
  expect(left.stats().thumbnailBytes).toBe(right.stats().thumbnailBytes);
  // More pictures than the first layers hold: the texture grows under both.
  const many = 150;
  for (const pane of [left, right]) {
    pane.setItems(items(many));
    pane.setPositions(
      Float32Array.from({ length: many * 2 }, (_, at) => (at % 2 ? Math.floor(at / 30) : (at / 2) % 15)),
      2,
    );
  }
  const yellow = items(many).map((_, index) => ({ index, image: plain([230, 200, 20]) }));
  right.setThumbnails(yellow);
  const isYellow = (red: number, green: number, blue: number) => red > 200 && green > 170 && blue < 90;
  for (const pane of [left, right]) {
    expect((await Drawn.of(pane)).count(isYellow)).toBeGreaterThan(5000);
  }
});

it('linked panes look from the same place, free ones each from their own', async () => {
  await open();
  const left = await addPane();
  const right = await addPane();
  place(left, 0);
  place(right, 5);
  const x = (pane: MapPane) => pane.screenPosition(1)?.x ?? Number.NaN;
  expect(x(left)).toBeCloseTo(x(right), 3);
  const before = x(left);
  left.zoomBy(1.5);
  expect(x(left)).toBeGreaterThan(before + 20);
  expect(x(right)).toBeCloseTo(x(left), 3);

  stage.setLinked(false);
  right.zoomBy(1.5);
  expect(x(right)).toBeGreaterThan(x(left) + 20);
  // The first one leads when they are linked again.
  const led = x(left);
  stage.setLinked(true);
  expect(x(right)).toBeCloseTo(led, 3);

  // One that turns to space has nobody to look with, and comes back to the others' view.
  right.setPositions(new Float32Array([0, 0, 0, 10, 0, 5, -10, 0, 3]), 3);
  expect(x(left)).toBeCloseTo(led, 3);
  right.setPositions(new Float32Array([0, 0, 10, 0, -10, 0]), 2);
  expect(x(right)).toBeCloseTo(led, 3);
});

it('draws only the pane that changed', async () => {
  await open({ reducedMotion: false });
  const left = await addPane();
  const right = await addPane();
  place(left, 0);
  place(right, 0);
  await Promise.all([left.settled(), right.settled()]);
  const frames = right.stats().frames;
  const before = left.stats().frames;
  left.setHovered(1);
  await left.settled();
  await right.settled();
  expect(left.stats().frames).toBeGreaterThan(before);
  expect(right.stats().frames).toBe(frames);
});

it('a slow glide is on its way halfway through, and comes to rest at its end', async () => {
  await open({ reducedMotion: false });
  const pane = await addPane();
  place(pane, -5);
  await pane.settled();
  const from = pane.screenPosition(0)?.x ?? Number.NaN;
  pane.setPositions(new Float32Array([5, 0, 10, 0, -10, 0]), 2, { slowMs: 400 });
  for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
  const during = pane.screenPosition(0)?.x ?? Number.NaN;
  await pane.settled();
  const to = pane.screenPosition(0)?.x ?? Number.NaN;
  expect(during).toBeGreaterThan(from);
  expect(during).toBeLessThan(to);
  expect(to - from).toBeGreaterThan(100);
});

it('all panes go on with another device when theirs is destroyed, and one can go without the others', async () => {
  const first = await requestDevice();
  await open({ device: first });
  const left = await addPane();
  const right = await addPane();
  for (const pane of [left, right]) {
    place(pane, 0);
    pane.setThumbnails([0, 1, 2].map((index) => ({ index, image: plain([20, 160, 80]) })));
  }
  first.destroy();
  await first.lost;
  await stage.rebuild(device);
  for (const pane of [left, right]) {
    expect(pane.backend).toBe('webgpu');
    expect((await Drawn.of(pane)).count(isGreen)).toBeGreaterThan(3000);
  }
  left.dispose();
  device.pushErrorScope('validation');
  right.setHovered(1);
  expect((await Drawn.of(right)).count(isGreen)).toBeGreaterThan(3000);
  expect(await device.popErrorScope()).toBeNull();
  expect(host.querySelectorAll('canvas')).toHaveLength(1);
});

it('draws what it missed while it was hidden', async () => {
  await open();
  const pane = await addPane();
  place(pane, 0);
  await pane.settled();
  const container = pane.element.parentElement;
  if (!container) throw new Error('no container');
  container.style.display = 'none';
  pane.setTheme('dark');
  await new Promise(requestAnimationFrame);
  const { frames } = pane.stats();
  container.style.display = '';
  while (pane.stats().frames === frames) await new Promise(requestAnimationFrame);
  expect((await Drawn.of(pane)).at(WIDTH / 2, 10)).toEqual([17, 18, 20]);
});
