/** One way to do a task; `run` ends when the result is in memory. */
export interface Contender {
  readonly name: string;
  run(): Promise<unknown>;
}

export interface Measured {
  readonly task: string;
  readonly name: string;
  /** Of every repetition, in order. */
  readonly durationsMs: readonly number[];
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
}

/**
 * Runs all contenders once to warm up (compile, upload), then in turns, so that whatever else the machine does hits
 * all alike.
 */
export async function measureInTurns(
  task: string,
  contenders: readonly Contender[],
  repetitions: number,
): Promise<Measured[]> {
  for (const contender of contenders) await contender.run();
  const durations = contenders.map((): number[] => []);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [i, contender] of contenders.entries()) {
      const start = performance.now();
      await contender.run();
      durations[i]?.push(performance.now() - start);
    }
  }
  return contenders.map(({ name }, i) => {
    const durationsMs = durations[i] ?? [];
    const sorted = [...durationsMs].sort((a, b) => a - b);
    const at = (rank: number) => sorted[rank] ?? Number.NaN;
    return {
      task,
      name,
      durationsMs,
      medianMs: at(sorted.length >> 1),
      fastestMs: at(0),
      slowestMs: at(sorted.length - 1),
    };
  });
}
