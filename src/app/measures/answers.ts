import { type Job, type OnProgress, orAborted } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import { Kept, sameIds } from '../compare/kept.ts';

interface Asked {
  readonly key: string;
  readonly ids: readonly Id[];
}

interface Running<T> extends Asked {
  readonly made: Promise<T>;
  readonly controller: AbortController;
  readonly listeners: Set<OnProgress>;
  waiting: number;
}

/**
 * Kept answers, and those that are being found: who asks meanwhile for the same waits for the same work, and does not begin it a
 * second time beside it. It ends when nobody waits for it any more.
 */
export class Answers<T> extends Kept<T> {
  private readonly running = new Set<Running<T>>();

  async answer(asked: Asked & { run(job: Job): Promise<T> }, { signal, onProgress }: Job): Promise<T> {
    signal?.throwIfAborted();
    const known = this.get(asked.key, asked.ids);
    if (known) return known;
    const running = this.underWay(asked) ?? this.begin(asked);
    running.waiting++;
    if (onProgress) running.listeners.add(onProgress);
    try {
      return await orAborted(running.made, signal);
    } finally {
      if (onProgress) running.listeners.delete(onProgress);
      running.waiting--;
      if (running.waiting === 0) this.end(running);
    }
  }

  private underWay({ key, ids }: Asked): Running<T> | undefined {
    return [...this.running].find((each) => each.key === key && sameIds(each.ids, ids));
  }

  private begin({ key, ids, run }: Asked & { run(job: Job): Promise<T> }): Running<T> {
    const controller = new AbortController();
    const listeners = new Set<OnProgress>();
    const onProgress: OnProgress = (...news) => {
      for (const listener of listeners) listener(...news);
    };
    const made = run({ signal: controller.signal, onProgress }).then((value) => {
      if (!controller.signal.aborted) this.set(key, ids, value);
      return value;
    });
    const running: Running<T> = { key, ids, made, controller, listeners, waiting: 0 };
    this.running.add(running);
    return running;
  }

  private end(running: Running<T>): void {
    this.running.delete(running);
    // Where it is done already, nothing hears this.
    running.controller.abort(new DOMException('Nobody waits for it any more.', 'AbortError'));
  }
}
