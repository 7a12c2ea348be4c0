import { describe, expect, it } from 'vitest';
import { Points } from '../../src/map/points.ts';
import { insidePolygon, rectangle } from '../../src/map/shapes.ts';

function pointsOf(...ids: string[]): Points {
  const points = new Points();
  points.setItems(ids.map((id) => ({ id, kind: 'picture' })));
  return points;
}

describe('points', () => {
  it('keep place and text by id when items are removed, added and reordered', () => {
    const points = pointsOf('a', 'b', 'c');
    points.setPositions(new Float32Array([1, 1, 2, 2, 3, 3]), 2, false);
    points.texts = ['one', undefined, 'three'];
    points.setHovered(2);
    points.setItems(['c', 'new', 'a'].map((id) => ({ id, kind: 'text' })));
    expect([...points.current]).toEqual([3, 3, 0, 0, 0, 0, 1, 1, 0]);
    expect(points.texts).toEqual(['three', undefined, 'one']);
    expect([0, 1, 2].map((index) => points.has(index))).toEqual([true, false, true]);
    expect(points.hovered).toBe(0);
  });

  it('glide from where they are, and arrive', () => {
    const points = pointsOf('a');
    points.setPositions(new Float32Array([0, 0]), 2, false);
    points.setPositions(new Float32Array([10, 0]), 2, true);
    points.step(100);
    const partly = points.current[0] ?? Number.NaN;
    expect(partly).toBeGreaterThan(4);
    expect(partly).toBeLessThan(7);
    points.setPositions(new Float32Array([0, 0]), 2, true);
    expect(points.from[0]).toBe(partly);
    while (points.step(50));
    expect(points.current[0]).toBe(0);
  });

  it('do not show rows with NaN, and bring them in where they belong', () => {
    const points = pointsOf('a', 'b');
    points.setPositions(new Float32Array([1, 2, 3, Number.NaN, 0, 0]), 3, true);
    expect(points.shown).toBe(1);
    points.setPositions(new Float32Array([1, 2, 3, 7, 8, 9]), 3, true);
    expect(points.shown).toBe(2);
    expect([...points.from.subarray(3)]).toEqual([7, 8, 9]);
  });

  it('say what is wrong with positions, colors and highlights of another length', () => {
    const points = pointsOf('a', 'b');
    expect(() => points.setPositions(new Float32Array(3), 2, false)).toThrow(
      '3 coordinates are no whole number of rows of 2.',
    );
    expect(() => points.setPositions(new Float32Array(6), 2, false)).toThrow(
      'Positions for 3 items, but the map has 2. Call setItems first.',
    );
    expect(() => points.setColors(new Uint8Array(4))).toThrow('Colors need 8 bytes (RGBA an item), not 4.');
    expect(() => points.setHighlights(new Float32Array(1))).toThrow('Highlights need 2 weights');
  });
});

describe('shapes', () => {
  it('tell inside from outside, also in a bay', () => {
    const bay = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 5, y: 2 },
      { x: 0, y: 10 },
    ];
    expect(insidePolygon(1, 5, bay)).toBe(true);
    expect(insidePolygon(5, 5, bay)).toBe(false);
    expect(insidePolygon(5, 1, bay)).toBe(true);
    expect(insidePolygon(11, 1, bay)).toBe(false);
    const box = rectangle({ x: 8, y: 8 }, { x: 2, y: 4 });
    expect(insidePolygon(5, 5, box)).toBe(true);
    expect(insidePolygon(5, 9, box)).toBe(false);
  });
});
