import type { Measured } from './measure.ts';
import type { Goal, Task } from './task.ts';

/** A task's results, ready to be printed or kept. */
export interface Report {
  readonly id: string;
  readonly title: string;
  readonly unit: string | undefined;
  readonly note: string | undefined;
  readonly rows: readonly ReportRow[];
  readonly goal: GoalReport | undefined;
}

interface ReportRow extends Measured {
  /** In the task's unit. */
  readonly rate: number | undefined;
  /** How many times as fast as this the first row is, share for share. */
  readonly firstIsTimesAsFast: number | undefined;
}

interface GoalReport {
  readonly says: string;
  readonly atLeast: number;
  /** NaN where what it is measured by did not run or was wrong. */
  readonly reached: number;
  readonly isMet: boolean;
}

export function reportOf({ id, title, work, goal, note }: Task, measured: readonly Measured[]): Report {
  const [first] = measured;
  const rows = measured.map((row): ReportRow => {
    const hasTimes = row.durationsMs.length > 0 && row.verdict.isRight;
    const isCompared = hasTimes && first !== row && first?.verdict.isRight;
    return {
      ...row,
      rate: work && hasTimes ? rateOf(work.amount, row) : undefined,
      firstIsTimesAsFast: isCompared ? row.medianMs / row.share / first.medianMs : undefined,
    };
  });
  return { id, title, unit: work?.unit, note, rows, goal: goal && judgeGoal(goal, rows, work?.unit ?? '') };
}

function judgeGoal(goal: Goal, rows: readonly ReportRow[], unit: string): GoalReport {
  if ('rate' in goal) {
    const reached = rows[0]?.rate ?? Number.NaN;
    return {
      says: `at least ${goal.rate} ${unit}`,
      atLeast: goal.rate,
      reached,
      isMet: reached >= goal.rate,
    };
  }
  const peer = rows.find(({ name }) => name === goal.than);
  const reached = peer?.firstIsTimesAsFast ?? Number.NaN;
  const says = `at least ${goal.timesAsFast} times as fast as ${goal.than}`;
  return { says, atLeast: goal.timesAsFast, reached, isMet: reached >= goal.timesAsFast };
}

function rateOf(amount: number, { medianMs, share }: Measured): number {
  return (amount * share) / (medianMs / 1000);
}
