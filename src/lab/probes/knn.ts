import type { Rows } from '../training/learner.ts';
import { type Accuracy, checkLabels, countLevels, describeAccuracy, type Labels } from './accuracy.ts';
import { checkRows, checkWidths, dotAt, UnfitRows, unitRows } from './rows.ts';

/**
 * Accuracy of the k nearest neighbors by cosine (Cover and Hart 1967): each test row gets the level that most of its k nearest train rows
 * have. The vote is plain, not weighted by similarity, so that nothing but k is to be chosen.
 *
 * Ties count as if they were settled by lot, at their expected value: train rows that tie for the k-th place share the places
 * left, and of levels with equally many votes each wins as often. So a collapsed space, where all are equally near, gets
 * chance whatever the order of its rows. Without ties this is scikit-learn's KNeighborsClassifier with metric 'cosine'.
 *
 * @param train n × width; their levels are known
 * @param test m × width; their levels are told
 * @param labels one entry for each factor; neighbors are found once for all of them
 * @param k 1..n
 * @returns for each factor; chance is the share of its most frequent level
 * @throws {UnfitRows} when rows are not finite, or fewer than k to choose from
 */
export function knnAccuracy(train: Rows, test: Rows, labels: readonly Labels[], k = 10): Accuracy[] {
  checkRows(train, 'Embeddings to learn from');
  checkRows(test, 'Embeddings to test');
  checkWidths(train, test);
  checkLabels(labels, train.count, test.count);
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k is ${k}. Choose a whole number from 1.`);
  if (k > train.count) {
    throw new UnfitRows(`There are no ${k} nearest among ${train.count} embeddings.`);
  }
  const known = unitRows(train);
  const asked = unitRows(test);
  const similarities = new Float64Array(train.count);
  const votes = labels.map(({ train: levels }) => new Float64Array(countLevels(levels).length));
  const correct = new Float64Array(labels.length);
  for (let i = 0; i < test.count; i++) {
    for (let j = 0; j < train.count; j++) {
      similarities[j] = dotAt(asked, i * test.width, known, j * train.width, train.width);
    }
    const { least, above, tied } = boundaryOf(similarities, k);
    votes.forEach((counts) => {
      counts.fill(0);
    });
    for (let j = 0; j < train.count; j++) {
      const similarity = similarities[j] ?? 0;
      if (similarity < least) continue;
      // Votes in whole numbers, times the tied, so that equal ones are exactly equal.
      const weight = similarity > least ? tied : k - above;
      for (let f = 0; f < labels.length; f++) {
        const counts = votes[f];
        const level = labels[f]?.train[j] ?? 0;
        if (counts) counts[level] = (counts[level] ?? 0) + weight;
      }
    }
    for (let f = 0; f < labels.length; f++) {
      correct[f] = (correct[f] ?? 0) + winsOf(votes[f] ?? new Float64Array(), labels[f]?.test[i] ?? 0);
    }
  }
  return labels.map((of, f) => describeAccuracy(correct[f] ?? 0, of.test));
}

/** The k-th largest similarity, how many are above it, and how many are equal to it. */
function boundaryOf(similarities: Float64Array, k: number) {
  const largest = new Float64Array(k).fill(Number.NEGATIVE_INFINITY);
  for (let j = 0; j < similarities.length; j++) {
    const similarity = similarities[j] ?? 0;
    if (similarity <= (largest[k - 1] ?? 0)) continue;
    let at = k - 1;
    for (; at > 0 && (largest[at - 1] ?? 0) < similarity; at--) largest[at] = largest[at - 1] ?? 0;
    largest[at] = similarity;
  }
  const least = largest[k - 1] ?? 0;
  let above = 0;
  let tied = 0;
  for (let j = 0; j < similarities.length; j++) {
    const similarity = similarities[j] ?? 0;
    if (similarity > least) above++;
    else if (similarity === least) tied++;
  }
  return { least, above, tied };
}

/** How often a level wins where lots are drawn among those with the most votes. */
function winsOf(votes: Float64Array, level: number): number {
  const own = votes[level] ?? 0;
  if (own === 0) return 0;
  let equal = 0;
  for (let other = 0; other < votes.length; other++) {
    const count = votes[other] ?? 0;
    if (count > own) return 0;
    if (count === own) equal++;
  }
  return 1 / equal;
}
