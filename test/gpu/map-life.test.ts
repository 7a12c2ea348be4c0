import { afterEach, beforeAll, expect, it } from 'vitest';
import type { MapView } from '../../src/map/types.ts';
import {
  closeMap,
  Drawn,
  HEIGHT,
  inked,
  items,
  openMap,
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

const isGreen = (red: number, green: number, blue: number) => green > 120 && red < 60 && blue < 120;

function twoThumbnails(view: MapView): void {
  view.setItems(items(2));
  view.setPositions(new Float32Array([-10, 0, 10, 0]), 2);
  view.setThumbnails([
    { index: 0, image: plain([200, 30, 60]) },
    { index: 1, image: plain([20, 160, 80]) },
  ]);
}

it('goes on with another device when its own is destroyed', async () => {
  const first = await requestDevice();
  map = await openMap({ device: first });
  twoThumbnails(map);
  first.destroy();
  await first.lost;
  await map.rebuild(device);
  expect(map.backend).toBe('webgpu');
  const drawn = await Drawn.of(map);
  expect(drawn.count(isGreen, WIDTH / 2)).toBeGreaterThan(500);
  await map.rebuild(null);
  expect(map.backend).toBe('webgl');
  expect((await Drawn.of(map)).count(isGreen, WIDTH / 2)).toBeGreaterThan(500);
});

it('leaves the error handler of the device as it was', async () => {
  const handler = () => {};
  device.onuncapturederror = handler;
  map = await openMap({ device });
  expect(device.onuncapturederror).toBe(handler);
  device.onuncapturederror = null;
});

it('leaves nothing behind, and the device alive', async () => {
  const view = await openMap({ device });
  twoThumbnails(view);
  const container = view.element.parentElement;
  view.dispose();
  expect(container?.childElementCount).toBe(0);
  device.pushErrorScope('validation');
  device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST }).destroy();
  expect(await device.popErrorScope()).toBeNull();
  container?.remove();
});

it('keeps thumbnails by id when items go and come', async () => {
  map = await openMap({ device });
  twoThumbnails(map);
  map.setItems([
    { id: 'item-1', kind: 'picture' },
    { id: 'new', kind: 'picture' },
  ]);
  map.setPositions(new Float32Array([-10, 0, 10, 0]), 2);
  const drawn = await Drawn.of(map);
  expect(drawn.count(isGreen, 0, 0, WIDTH / 2)).toBeGreaterThan(500);
  expect(map.stats().thumbnails).toBe(1);
});

it('asks once for thumbnails that it would draw, for no more than it can hold, and gives up the oldest', async () => {
  const wanted: number[][] = [];
  map = await openMap({
    device,
    maxThumbnails: 2,
    onThumbnailsWanted: (indices) => wanted.push([...indices]),
  });
  map.setItems(items(3));
  map.setPositions(new Float32Array([-10, 0, 0, 0, 10, 0]), 2);
  await map.settled();
  expect(wanted).toEqual([[0, 1]]);
  map.setThumbnails([0, 1, 2].map((index) => ({ index, image: plain([20, 160, 80]) })));
  await map.settled();
  expect(map.stats().thumbnails).toBe(2);
  expect(wanted).toEqual([[0, 1]]);
  const drawn = await Drawn.of(map);
  expect(drawn.count(isGreen, 0, 0, WIDTH / 3)).toBe(0);
  expect(drawn.count(isGreen, (2 * WIDTH) / 3)).toBeGreaterThan(500);
});

it('comes back by itself when WebGL loses its context', async () => {
  const problems: string[] = [];
  const view = await openMap({ onError: (error) => problems.push(error.message) });
  map = view;
  expect(view.backend).toBe('webgl');
  twoThumbnails(view);
  const canvas = view.element.querySelector('canvas');
  canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  while (view.element.querySelector('canvas') === canvas || view.backend !== 'webgl') {
    await new Promise(requestAnimationFrame);
  }
  expect(problems[0]).toContain('lost its graphics device');
  expect((await Drawn.of(view)).count(isGreen, WIDTH / 2)).toBeGreaterThan(500);
});

it('draws nothing while nothing changes', async () => {
  map = await openMap({ device, reducedMotion: false });
  twoThumbnails(map);
  map.setTexts(['left', 'right']);
  await map.settled();
  const { frames } = map.stats();
  // Ten frames of the browser without one of ours, and nobody waking up for them but this loop.
  const ask = globalThis.requestAnimationFrame;
  let asked = 0;
  globalThis.requestAnimationFrame = (callback) => {
    asked++;
    return ask(callback);
  };
  for (let count = 0; count < 10; count++) await new Promise(ask);
  globalThis.requestAnimationFrame = ask;
  expect(map.stats().frames).toBe(frames);
  expect(asked).toBe(0);
});

it('glides from old places to new ones, and is settled at the new', async () => {
  map = await openMap({ device, reducedMotion: false });
  map.setItems(items(3));
  map.setPositions(new Float32Array([-10, -5, 10, 5, 0, 0]), 2);
  await map.settled();
  const before = map.screenPosition(2)?.x ?? Number.NaN;
  map.setPositions(new Float32Array([-10, -5, 10, 5, 8, 0]), 2);
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const during = map.screenPosition(2)?.x ?? Number.NaN;
  await map.settled();
  const after = map.screenPosition(2)?.x ?? Number.NaN;
  expect(during).toBeGreaterThan(before);
  expect(during).toBeLessThan(after - 1);
  expect(map.itemAt(after, map.screenPosition(2)?.y ?? 0)).toBe(2);
});

it('follows the size of its container', async () => {
  map = await openMap({ device });
  twoThumbnails(map);
  const container = map.element.parentElement;
  if (!container) throw new Error('no container');
  const frames = map.stats().frames;
  container.style.width = '200px';
  while (map.stats().frames === frames) await new Promise(requestAnimationFrame);
  expect(map.screenPosition(1)?.x).toBeLessThan(200);
  const bitmap = await createImageBitmap(await map.snapshot());
  expect(bitmap.width).toBe(200 * Math.min(2, devicePixelRatio));
});

it('puts labels on whole pixels of the screen, between which their letters would be blurred', async () => {
  map = await openMap({ device });
  map.setItems(items(3));
  map.setTexts(['one', 'two', 'three']);
  map.setPositions(new Float32Array([-10, 0.123, 3.21, 4.56, 10, -2.34]), 2);
  await map.settled();
  const { left, top } = map.element.getBoundingClientRect();
  const corners = [...map.element.querySelectorAll('span')].map((label) => label.getBoundingClientRect());
  expect(corners).toHaveLength(3);
  const onScreen = corners
    .flatMap((box) => [box.left - left, box.top - top])
    .map((at) => at * devicePixelRatio);
  for (const at of onScreen) expect(at).toBeCloseTo(Math.round(at), 3);
});

it('shows labels, the hovered one surely, and writes them into the snapshot', async () => {
  map = await openMap({ device });
  const crowd = 40;
  map.setItems(items(crowd, 'text'));
  map.setTexts(Array.from({ length: crowd }, (_, index) => `word ${index}`));
  map.setPositions(new Float32Array(crowd * 2), 2);
  map.setHovered(33);
  await map.settled();
  expect(map.stats().labels).toBeGreaterThan(0);
  expect(map.stats().labels).toBeLessThan(6);
  expect(map.element.textContent).toContain('word 33');
  const drawn = await Drawn.of(map);
  expect(drawn.count(inked, WIDTH / 2 + 14, HEIGHT / 2 - 8, WIDTH / 2 + 60, HEIGHT / 2 + 8)).toBeGreaterThan(
    40,
  );
});

it('turns dark', async () => {
  map = await openMap({ device });
  twoThumbnails(map);
  map.setTheme('dark');
  const drawn = await Drawn.of(map);
  expect(drawn.at(WIDTH / 2, 10)).toEqual([17, 18, 20]);
});
