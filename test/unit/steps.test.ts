import { expect, test } from 'vitest';
import { inSteps } from '../../src/common/steps.ts';

test('progress of steps rises once from nothing to the whole, by the weights, however often a step begins anew', () => {
  const heard: string[] = [];
  const step = inSteps(
    { onProgress: (done, total, what) => heard.push(`${done}/${total} ${what}`) },
    [1, 3, 0, 4],
  );
  const first = step();
  first.onProgress?.(0, 7, 'one');
  first.onProgress?.(7, 7, 'one');
  const second = step();
  second.onProgress?.(0, 0, 'two');
  second.onProgress?.(1, 2, 'two');
  second.onProgress?.(0, 10, 'two again');
  step().onProgress?.(5, 5, 'nothing');
  const last = step();
  last.onProgress?.(1, 2, 'three');
  last.onProgress?.(2, 2, 'three');
  expect(heard).toEqual([
    '0/1000 one',
    '125/1000 one',
    '125/1000 two',
    '313/1000 two',
    '313/1000 two again',
    '500/1000 nothing',
    '750/1000 three',
    '1000/1000 three',
  ]);
});

test('steps of a job that nobody listens to hear its signal, and tell nobody', () => {
  const { signal } = new AbortController();
  expect(inSteps({ signal }, [1])()).toEqual({ signal });
});
