import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MapView, Point } from '../../src/map/types.ts';
import { closeMap, HEIGHT, items, openMap, requestDevice, WIDTH } from './map-helpers.ts';

let device: GPUDevice;
let map: MapView;
let picked: { index: number | null; additive: boolean }[];
let selected: { indices: number[]; additive: boolean }[];
let hovered: (number | null)[];

beforeAll(async () => {
  device = await requestDevice();
});

beforeEach(async () => {
  picked = [];
  selected = [];
  hovered = [];
  map = await openMap({
    device,
    onPick: (index, { additive }) => picked.push({ index, additive }),
    onSelect: (indices, additive) => selected.push({ indices: [...indices], additive }),
    onHover: (index) => hovered.push(index),
  });
});

afterEach(() => closeMap(map));

// A grid of 5 × 4, row by row.
const GRID = Float32Array.from({ length: 40 }, (_, at) =>
  at % 2 === 0 ? ((at / 2) % 5) * 4 - 8 : 6 - Math.floor(at / 10) * 4,
);

function grid(): void {
  map.setItems(items(20, 'text'));
  map.setPositions(GRID, 2);
}

function where(index: number): Point {
  const place = map.screenPosition(index);
  if (!place) throw new Error(`item ${index} is not on the screen`);
  return place;
}

function point(type: string, { x, y }: Point, init: PointerEventInit = {}): void {
  const box = map.element.getBoundingClientRect();
  map.element.dispatchEvent(
    new PointerEvent(type, {
      bubbles: true,
      cancelable: true,
      pointerId: 1,
      pointerType: 'mouse',
      clientX: box.left + x,
      clientY: box.top + y,
      ...init,
    }),
  );
}

function drag(path: readonly Point[], init: PointerEventInit = {}): void {
  const [first, ...rest] = path;
  const last = path.at(-1);
  if (!first || !last) return;
  point('pointerdown', first, init);
  for (const place of rest) point('pointermove', place, init);
  point('pointerup', last, init);
}

function press(key: string, init: KeyboardEventInit = {}): void {
  map.element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
}

describe('on a plane', () => {
  it('a click picks the item that is there, empty ground picks nothing, shift adds', () => {
    grid();
    for (const index of [0, 7, 19]) drag([where(index)]);
    drag([where(3)], { shiftKey: true });
    drag([{ x: (where(0).x + where(6).x) / 2, y: (where(0).y + where(6).y) / 2 }]);
    expect(picked).toEqual([
      { index: 0, additive: false },
      { index: 7, additive: false },
      { index: 19, additive: false },
      { index: 3, additive: true },
      { index: null, additive: false },
    ]);
  });

  it('the pointer hovers what it is over, and leaves it', () => {
    grid();
    point('pointermove', where(4));
    point('pointermove', { x: where(4).x + 1, y: where(4).y });
    point('pointerleave', { x: -5, y: -5 });
    expect(hovered).toEqual([4, null]);
  });

  it('a drag takes the ground along, and is no click', () => {
    grid();
    const before = where(7);
    drag([before, { x: before.x + 30, y: before.y + 5 }, { x: before.x + 60, y: before.y - 20 }]);
    expect(where(7).x).toBeCloseTo(before.x + 60, 1);
    expect(where(7).y).toBeCloseTo(before.y - 20, 1);
    expect(picked).toEqual([]);
  });

  it('the wheel zooms toward the cursor', () => {
    grid();
    const before = where(1);
    const spread = where(2).x - where(1).x;
    const box = map.element.getBoundingClientRect();
    const wheel = {
      clientX: box.left + before.x,
      clientY: box.top + before.y,
      deltaY: -400,
      cancelable: true,
    };
    map.element.dispatchEvent(new WheelEvent('wheel', wheel));
    // The browser gives a wheel's place in whole pixels.
    expect(where(1).x).toBeCloseTo(before.x, 0);
    expect(where(1).y).toBeCloseTo(before.y, 0);
    expect(where(2).x - where(1).x).toBeGreaterThan(spread * 1.5);
  });

  it('two fingers zoom and move', () => {
    grid();
    const spread = where(2).x - where(1).x;
    const finger = (pointerId: number) => ({ pointerId, pointerType: 'touch' });
    point('pointerdown', { x: 150, y: 150 }, finger(1));
    point('pointerdown', { x: 250, y: 150 }, finger(2));
    point('pointermove', { x: 300, y: 150 }, finger(2));
    point('pointermove', { x: 100, y: 150 }, finger(1));
    expect((where(2).x - where(1).x) / spread).toBeCloseTo(2, 1);
    point('pointerup', { x: 300, y: 150 }, finger(2));
    point('pointerup', { x: 100, y: 150 }, finger(1));
    expect(picked).toEqual([]);
  });

  it('shift and a drag select a box; the lasso selects what it goes around', () => {
    grid();
    const corner = (index: number, by: number) => ({ x: where(index).x + by, y: where(index).y + by });
    drag([corner(0, -10), corner(6, 0), corner(6, 10)], { shiftKey: true });
    map.setMode('lasso');
    const around = [
      corner(12, -15),
      { x: where(14).x + 15, y: where(14).y - 15 },
      corner(14, 15),
      corner(12, 15),
    ];
    drag([...around, { x: where(12).x - 15, y: where(12).y + 15 }], { ctrlKey: true });
    expect(selected).toEqual([
      { indices: [0, 1, 5, 6], additive: false },
      { indices: [12, 13, 14], additive: true },
    ]);
    expect(picked).toEqual([]);
  });

  it('the keyboard moves, zooms, steps, picks and clears', () => {
    grid();
    map.element.focus();
    expect(document.activeElement).toBe(map.element);
    const before = where(0);
    const spread = where(1).x - before.x;
    press('ArrowRight');
    expect(where(0).x).toBeCloseTo(before.x - 60, 1);
    press('ArrowUp');
    expect(where(0).y).toBeCloseTo(before.y + 60, 1);
    press('+');
    expect((where(1).x - where(0).x) / spread).toBeCloseTo(1.35, 2);
    press('0');
    expect(where(0).x).toBeCloseTo(before.x, 1);
    expect(where(1).x - where(0).x).toBeCloseTo(spread, 1);
    for (const key of ['n', ']', 'p', 'Enter', 'Escape']) press(key);
    expect(hovered).toEqual([0, 1, 0, null]);
    expect(picked).toEqual([
      { index: 0, additive: false },
      { index: null, additive: false },
    ]);
  });

  it('says what it is and how it is used to those who do not see it', () => {
    expect(map.element.getAttribute('role')).toBe('application');
    expect(map.element.getAttribute('aria-label')).toBe('Map of items');
    const help = document.getElementById(map.element.getAttribute('aria-describedby') ?? '');
    expect(help?.textContent).toContain('Arrow keys');
  });
});

describe('in space', () => {
  function cloud(): void {
    map.setItems(items(3, 'vector'));
    map.setPositions(new Float32Array([-6, 0, 0, 6, 0, 0, 0, 6, 6]), 3);
  }

  it('a click picks what is drawn there', () => {
    cloud();
    for (const index of [0, 1, 2]) drag([where(index)]);
    expect(picked.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('of two behind each other the one in front is picked', () => {
    map.setItems(items(2, 'vector'));
    // On one line with the camera, which looks from yaw 0.5 and pitch 0.35.
    const toward = [Math.sin(0.5) * Math.cos(0.35), Math.sin(0.35), Math.cos(0.5) * Math.cos(0.35)];
    map.setPositions(
      Float32Array.from([...toward.map((value) => -3 * value), ...toward.map((value) => 3 * value)]),
      3,
    );
    expect(where(0).x).toBeCloseTo(where(1).x, 3);
    expect(map.itemAt(where(1).x, where(1).y)).toBe(1);
  });

  it('a drag turns the cloud, shift and a drag move it', () => {
    cloud();
    const spread = Math.abs(where(1).x - where(0).x);
    drag([
      { x: 200, y: 150 },
      { x: 320, y: 150 },
    ]);
    expect(Math.abs(where(1).x - where(0).x)).not.toBeCloseTo(spread, 0);
    const before = where(0);
    drag(
      [
        { x: 200, y: 150 },
        { x: 200, y: 180 },
      ],
      { shiftKey: true },
    );
    expect(where(0).y).toBeGreaterThan(before.y + 15);
  });
});

it('flies to an item, to several, and back to all', () => {
  grid();
  const spread = where(1).x - where(0).x;
  map.flyTo(19);
  expect(where(19).x).toBeCloseTo(WIDTH / 2, 1);
  expect(where(19).y).toBeCloseTo(HEIGHT / 2, 1);
  map.flyTo([0, 6]);
  expect(where(1).x - where(0).x).toBeGreaterThan(spread);
  expect([...map.visibleItems()]).toEqual(expect.arrayContaining([0, 1, 5, 6]));
  map.flyTo('all');
  expect(where(1).x - where(0).x).toBeCloseTo(spread, 1);
  expect(map.visibleItems()).toHaveLength(20);
});
