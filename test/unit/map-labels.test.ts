import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LabelCandidate, type PlacedLabel, placeLabels, type Side } from '../../src/map/labels.ts';

const VIEW = { width: 400, height: 300 };

function label(index: number, x: number, y: number, priority = 0, width = 60): LabelCandidate {
  return { index, x, y, width, height: 16, clearance: 6, priority };
}

function touch(a: PlacedLabel, b: PlacedLabel, widths: ReadonlyMap<number, number>): boolean {
  const right = (one: PlacedLabel) => one.left + (widths.get(one.index) ?? 0);
  return a.left < right(b) && b.left < right(a) && a.top < b.top + 16 && b.top < a.top + 16;
}

describe('labels', () => {
  it('never touch each other, and stay in view', () => {
    const place = fc.tuple(
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 8, max: 180 }),
    );
    fc.assert(
      fc.property(fc.array(place, { maxLength: 80 }), (places) => {
        const candidates = places.map(([x, y, width], index) => label(index, x, y, index % 3, width));
        const widths = new Map(candidates.map(({ index, width }) => [index, width]));
        const placed = placeLabels(candidates, new Map(), 60, VIEW);
        for (const [row, one] of placed.entries()) {
          expect(one.left).toBeGreaterThanOrEqual(0);
          expect(one.left + (widths.get(one.index) ?? 0)).toBeLessThanOrEqual(VIEW.width);
          for (const other of placed.slice(row + 1)) expect(touch(one, other, widths)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('give way to what matters more', () => {
    // Five on one point: four sides, so the least one is left out.
    const crowd = [3, 5, 1, 4, 2].map((priority, index) => ({
      ...label(index, 200, 150, priority),
      clearance: 14,
    }));
    const placed = placeLabels(crowd, new Map(), 60, VIEW);
    expect(placed.map(({ index }) => index)).toEqual([1, 3, 0, 4]);
  });

  it('keep their place and their side while equals come and go', () => {
    const shown = new Map<number, Side>([[7, 'left']]);
    const placed = placeLabels([label(2, 200, 150), label(7, 200, 150)], shown, 1, VIEW);
    expect(placed).toHaveLength(1);
    expect(placed[0]).toMatchObject({ index: 7, side: 'left' });
  });

  it('are no more than asked for', () => {
    const many = Array.from({ length: 50 }, (_, index) => label(index, (index % 5) * 80 + 8, index * 6));
    expect(placeLabels(many, new Map(), 9, VIEW)).toHaveLength(9);
  });
});
