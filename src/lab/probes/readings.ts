// What the probes say, one sentence each, in words a person reads.

import type { Accuracy } from './accuracy.ts';
import type { Blocks } from './correlation.ts';
import type { Alignment, ModalityGap, Uniformity } from './hypersphere.ts';
import type { RecallReport, RetrievalReport } from './report.ts';
import type { Spread } from './spread.ts';

/**
 * @param factor as it begins a sentence: "Shape"
 * @param isShown whether the modality shows the factor at all; undefined where nobody knows, as with labels
 */
export function readAccuracy(accuracy: Accuracy, factor: string, isShown: boolean | undefined): string {
  const { value, chance, standardError, n } = accuracy;
  const numbers = `${percent(value)} of ${n} (± ${percent(standardError)}), where one constant answer has ${percent(chance)}`;
  if (isBeyond(accuracy)) {
    const how = value > 0.95 ? 'is told' : value > (1 + chance) / 2 ? 'is mostly told' : 'is told in part';
    return `${factor} ${how}: ${numbers}.`;
  }
  const though = isShown === undefined ? '' : isShown ? ', though it is shown' : ', as it is not shown';
  return `${factor} is not told${though}: ${numbers}.`;
}

export function readRecall(
  { k, value, chance, n, byLevels }: RecallReport,
  { mark, factors }: Pick<RetrievalReport, 'mark' | 'factors'>,
): string {
  const found = `${percent(value)} are found ${k === 1 ? 'first' : `among the first ${k}`} of ${n}, ${times(value / chance)} chance`;
  if (mark === 'unrelated') {
    const so = isBeyond({ value, chance, n }) ? 'though nothing links the two' : 'as nothing links the two';
    return `${found}, ${so}.`;
  }
  const link = mark === 'trained' ? 'learned from each other' : 'never trained together';
  const just =
    byLevels === undefined ? '' : `; knowing just ${list(factors)} would give ${percent(byLevels)}`;
  return `${found} (${link})${just}.`;
}

export function readAlignment({ value, chance }: Alignment): string {
  if (chance < 1e-6) return 'All embeddings are one, so that pairs are no nearer than others.';
  return `Pairs are ${two(value)} apart, others ${two(chance)}: ${value < chance ? `pairs have ${percent(value / chance)} of that` : 'pairs are no nearer'}.`;
}

export function readUniformity({ value, best }: Uniformity): string {
  return `${two(value)}, ${percent(value / best)} of the way from one direction for all (0) to evenly all around (${two(best)}).`;
}

export function readSpread({ collapse, centeredRank, most, share }: Spread): string {
  switch (collapse) {
    case 'complete':
      return `Collapsed: all items have nearly the same embedding, of which ${percent(share)} differs from item to item.`;
    case 'dimensional':
      return `Few directions: what differs between items lies in about ${decimal(centeredRank)} of ${most} directions.`;
    case 'none':
      return `Not collapsed: what differs between items lies in about ${decimal(centeredRank)} of ${most} directions.`;
  }
}

/** How much dimensions differ from item to item, beside what the objective asks for: VICReg 1, most nothing. */
export function readDeviations({ deviations }: Spread, wished?: number): string {
  const [most = 0, middle = 0, least = 0] = [0, deviations.length >> 1, deviations.length - 1].map(
    (at) => deviations[at],
  );
  const beside = wished === undefined ? '' : `, where ${wished} is asked for`;
  return `From item to item, half of the dimensions differ by ${significant(middle)} and more${beside}; the most by ${significant(most)}, the least by ${significant(least)}.`;
}

export function readGap({ value, chance, share }: ModalityGap): string {
  if (value < 2 * chance || value === 0)
    return `The centers are ${two(value)} apart, no more than by chance (${two(chance)}).`;
  return `The centers are ${two(value)} apart (${two(chance)} by chance): ${percent(share)} of what separates pairs is this gap.`;
}

export function readBlocks({ common, unique }: Blocks): string {
  const beside = common ?? unique;
  const parts = [
    common && `Common dimensions (${common.dimensions}) agree by ${two(common.diagonal)}, wished 1`,
    unique && `Unique dimensions (${unique.dimensions}) agree by ${two(unique.diagonal)}, wished 0`,
    beside && `Different dimensions go together by ${two(beside.offDiagonal)}, wished 0`,
  ];
  return parts.flatMap((part) => (part ? [`${part}.`] : [])).join(' ');
}

/** Two standard errors above what chance gives, so that one in forty such numbers is so by luck. */
function isBeyond({ value, chance, n }: { value: number; chance: number; n: number }): boolean {
  return value > chance + 2 * Math.sqrt((chance * (1 - chance)) / n);
}

function list(words: readonly string[]): string {
  return new Intl.ListFormat('en-US').format(words);
}

function times(factor: number): string {
  return factor >= 9.95 ? `${Math.round(factor)} times` : `${decimal(factor)} times`;
}

function percent(share: number): string {
  const number = share * 100;
  return `${Math.abs(number) < 9.95 && number !== 0 ? decimal(number) : Math.round(number)} %`;
}

function significant(number: number): string {
  return number === 0 ? '0' : number.toPrecision(2);
}

function decimal(number: number): string {
  return number.toFixed(1);
}

function two(number: number): string {
  return number.toFixed(2).replace('-', '−');
}
