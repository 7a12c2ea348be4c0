import { expect, test } from 'vitest';
import { Answers } from '../../src/app/measures/answers.ts';
import { isAbort, type Job } from '../../src/common/job.ts';

/** A question whose answer comes when it is told to. */
function question(ids = ['a', 'b']) {
  const asked: { signal: AbortSignal | undefined; resolve(answer: string): void; job: Job }[] = [];
  return {
    asked,
    key: 'cosine',
    ids,
    run: (job: Job) =>
      new Promise<string>((resolve, reject) => {
        asked.push({ signal: job.signal, resolve, job });
        job.signal?.addEventListener('abort', () => reject(job.signal?.reason));
      }),
  };
}

test('who asks for what is being answered waits for that answer, and hears of its progress', async () => {
  const answers = new Answers<string>(2);
  const heard: number[] = [];
  const asking = question();
  const first = answers.answer(asking, {});
  const second = answers.answer({ ...asking, ids: ['a', 'b'] }, { onProgress: (done) => heard.push(done) });
  expect(asking.asked).toHaveLength(1);
  asking.asked[0]?.job.onProgress?.(3, 4, 'Measuring');
  asking.asked[0]?.resolve('0.5');
  expect([await first, await second, heard]).toEqual(['0.5', '0.5', [3]]);
  expect(await answers.answer(asking, {})).toBe('0.5');
  expect(asking.asked).toHaveLength(1);
});

test('work ends when the last of those who wait for it has gone, and is begun anew for who comes then', async () => {
  const answers = new Answers<string>(2);
  const asking = question();
  const [one, two] = [new AbortController(), new AbortController()];
  const waits = [one, two].map(({ signal }) => answers.answer(asking, { signal }));
  one.abort();
  await expect(waits[0]).rejects.toSatisfy(isAbort);
  expect(asking.asked[0]?.signal?.aborted).toBe(false);
  two.abort();
  await expect(waits[1]).rejects.toSatisfy(isAbort);
  expect(asking.asked[0]?.signal?.aborted).toBe(true);
  const again = answers.answer(asking, {});
  asking.asked[1]?.resolve('0.7');
  expect(await again).toBe('0.7');
});

test('a failure is told to all who wait, and is not kept', async () => {
  const answers = new Answers<string>(2);
  const failing = { key: 'k', ids: [], run: () => Promise.reject(new Error('no memory')) };
  await expect(answers.answer(failing, {})).rejects.toThrow('no memory');
  const asking = { ...question([]), key: 'k' };
  const later = answers.answer(asking, {});
  asking.asked[0]?.resolve('1');
  expect(await later).toBe('1');
});
