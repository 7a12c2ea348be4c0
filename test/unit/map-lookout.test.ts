import { expect, it } from 'vitest';
import { Lookout } from '../../src/map/lookout.ts';
import { Points } from '../../src/map/points.ts';

it('a pane at rest hears that it is to be drawn when places that come to another widen the view of both', () => {
  const lookouts: Lookout[] = [];
  const told = [0, 0];
  const group = { still: false, fellows: (lookout: Lookout) => lookouts.filter((each) => each !== lookout) };
  const points = told.map(() => new Points());
  points.forEach((each, at) => {
    each.setItems(['a', 'b', 'c'].map((id) => ({ id, kind: 'picture' })));
    lookouts.push(new Lookout(each, group, undefined, () => told.splice(at, 1, (told[at] ?? 0) + 1)));
  });
  const place = (at: number, places: readonly number[]) =>
    lookouts[at]?.place(
      (moves) => points[at]?.setPositions(Float32Array.from(places), 2, moves),
      2,
      lookouts[at]?.looksAt(2) ?? false,
    );
  for (const lookout of lookouts) lookout.resize(400, 300);
  place(0, [0, 0, 1, 0, 0, 1]);
  place(1, [0, 0, 1, 0, 0, 1]);
  expect(lookouts.map(({ camera }) => camera.moving)).toEqual([false, false]);
  told.fill(0);
  place(1, [0, 0, 3, 0, 0, 3]);
  expect(lookouts[0]?.camera.moving).toBe(true);
  expect(told[0]).toBeGreaterThan(0);
});
