/** One way to do a task; `run` ends when the result is in memory. */
export interface Contender<Result> {
  readonly name: string;
  /** Not timed: what has to be switched over before a run. */
  ready?(): Promise<void>;
  run(): Promise<Result>;
  /** As many as the task says unless told: for one that is slow. */
  readonly repetitions?: number;
  /** The part of the task's work that it does, for one that could not do all of it; 1 unless told. */
  readonly share?: number;
  close?(): void;
}

/** What was found on looking at a result. A contender that is wrong is reported as wrong, not as fast. */
export interface Verdict {
  readonly isRight: boolean;
  /** In a few words, with the number that was found. */
  readonly says: string;
}

export interface Measured {
  readonly name: string;
  /** Of every repetition, in order. Empty when it failed. */
  readonly durationsMs: readonly number[];
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
  readonly share: number;
  readonly verdict: Verdict;
}

/**
 * Runs all contenders once to warm up (compile, upload) and judges what they gave; then all in turns, so that whatever
 * else the machine does hits all alike. Slow ones take fewer turns, evenly spread.
 */
export async function measureInTurns<Result>(
  contenders: readonly Contender<Result>[],
  judge: (result: Result, contender: Contender<Result>) => Verdict,
  repetitions: number,
): Promise<Measured[]> {
  const entries = contenders.map((contender) => ({
    contender,
    turns: Math.min(contender.repetitions ?? repetitions, repetitions),
    durationsMs: [] as number[],
    verdict: { isRight: false, says: 'did not run' },
  }));
  for (const entry of entries) {
    await attempt(entry, async ({ contender }) => {
      await contender.ready?.();
      entry.verdict = judge(await contender.run(), contender);
    });
  }
  for (let round = 0; round < repetitions; round++) {
    for (const entry of entries) {
      const hasTurn =
        Math.floor(((round + 1) * entry.turns) / repetitions) >
        Math.floor((round * entry.turns) / repetitions);
      if (!hasTurn) continue;
      await attempt(entry, async ({ contender, durationsMs }) => {
        await contender.ready?.();
        const start = performance.now();
        await contender.run();
        durationsMs.push(performance.now() - start);
      });
    }
  }
  for (const { contender } of entries) contender.close?.();
  return entries.map(({ contender, durationsMs, verdict }) => ({
    name: contender.name,
    durationsMs,
    ...spreadOf(durationsMs),
    share: contender.share ?? 1,
    verdict,
  }));
}

interface Entry<Result> {
  readonly contender: Contender<Result>;
  readonly durationsMs: number[];
  turns: number;
  verdict: Verdict;
}

/** A contender that fails is out, and said so; the others go on. */
async function attempt<Result>(
  entry: Entry<Result>,
  step: (entry: Entry<Result>) => Promise<void>,
): Promise<void> {
  if (entry.turns === 0) return;
  try {
    await step(entry);
  } catch (error) {
    entry.turns = 0;
    entry.durationsMs.length = 0;
    const message = error instanceof Error ? error.message : String(error);
    entry.verdict = { isRight: false, says: `failed: ${message.split('\n')[0]}` };
  }
}

export function spreadOf(durationsMs: readonly number[]) {
  const sorted = [...durationsMs].sort((a, b) => a - b);
  const at = (rank: number) => sorted[rank] ?? Number.NaN;
  return { medianMs: at(sorted.length >> 1), fastestMs: at(0), slowestMs: at(sorted.length - 1) };
}
