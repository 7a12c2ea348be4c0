// Prints what the benches measured as Markdown that can go into docs/benchmarks.md as it is.

/** @param {readonly (readonly string[])[]} rows the first is the head */
export function markdownTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => [...row[column]].length)));
  const line = (cells) =>
    `| ${cells.map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** Three digits that count; whole numbers from 100. */
export function formatNumber(value) {
  if (value === undefined || value === null || !Number.isFinite(value)) return '';
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function formatMs(value) {
  if (!Number.isFinite(value)) return '';
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${formatNumber(value)} ms`;
}

/** One table a task: who, how long, how fast, how much faster the first of ours is, and what the result was worth. */
export function formatReport({ title, unit, note, rows, goal }) {
  const head = ['by', 'median', 'fastest to slowest', 'runs', unit ?? '', `${rows[0]?.name} is`, 'result'];
  const body = rows.map((row) => [
    row.name,
    formatMs(row.medianMs),
    row.durationsMs.length > 0 ? `${formatMs(row.fastestMs)} to ${formatMs(row.slowestMs)}` : '',
    String(row.durationsMs.length),
    formatNumber(row.rate),
    row.firstIsTimesAsFast === undefined ? '' : `${formatNumber(row.firstIsTimesAsFast)} × as fast`,
    `${row.verdict.isRight || row.durationsMs.length === 0 ? '' : 'WRONG: '}${row.verdict.says}`,
  ]);
  const isCompared = rows.some(({ firstIsTimesAsFast }) => firstIsTimesAsFast !== undefined);
  const kept = [0, 1, 2, 3, ...(unit ? [4] : []), ...(isCompared ? [5] : []), 6];
  const table = markdownTable([head, ...body].map((row) => kept.map((column) => row[column])));
  const verdict = goal
    ? `\n\nGoal: ${goal.says}. ${Number.isNaN(goal.reached) ? 'Not measured.' : `Reached: ${formatNumber(goal.reached)}. ${goal.isMet ? 'Met.' : '**Not met.**'}`}`
    : '';
  return `### ${title}\n\n${table}${verdict}${note ? `\n\n${note}` : ''}\n`;
}
