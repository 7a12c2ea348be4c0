import { expect, test } from 'vitest';
import { InFlight, MOST_IN_FLIGHT } from '../../src/gpu/in-flight.ts';
import { Pace } from '../../src/gpu/pace.ts';

/** Submits that end when they are told to. */
function makeSubmits() {
  const ends: (() => void)[] = [];
  return { ends, start: () => new Promise<void>((resolve) => ends.push(resolve)) };
}

test('the next submit is sent before the last is back, but no more than two', async () => {
  const { ends, start } = makeSubmits();
  const flights = new InFlight(new Pace(1000));
  await flights.add(start, 1);
  await flights.add(start, 1);
  let isThird = false;
  const third = flights.add(start, 1).then(() => {
    isThird = true;
  });
  await Promise.resolve();
  expect([ends.length, isThird]).toEqual([MOST_IN_FLIGHT, false]);
  ends[0]?.();
  await third;
  expect(ends.length).toBe(3);
  for (const end of ends) end();
  await flights.settle();
});

test('a failure is heard by the next, and by whoever settles', async () => {
  const fail = () => Promise.reject(new Error('refused'));
  const flights = new InFlight(new Pace(1000));
  await flights.add(fail, 1);
  await expect(flights.settle()).rejects.toThrow('refused');
  const others = new InFlight(new Pace(1000));
  await others.add(fail, 1);
  await others.add(() => Promise.resolve(), 1);
  await expect(others.add(() => Promise.resolve(), 1)).rejects.toThrow('refused');
});
