import { formatMs, formatNumber, markdownTable } from '../table.mjs';

/** What a run on Dawn measured, and PyTorch beside it where that was there, as Markdown. */
export function formatDawn({ date, adapter, peak, machine, rows, leftOut, torch }) {
  const name = adapter.description || `${adapter.vendor} ${adapter.architecture}`;
  const where = `${name}${adapter.isFallback ? ' (software)' : ''}, Dawn in Node ${machine.node}`;
  const lines = [
    `Measured on ${date}: ${where}, ${machine.cores} cores of ${machine.cpu}, ${machine.system}.`,
  ];
  if (torch) lines.push(`Beside it: ${torch}.`);
  if (peak) {
    lines.push(
      `Peak of ${peak.gpu}: ${formatNumber(peak.flops / 1000)} TFLOP/s in 32 bits (${peak.derivation}).`,
    );
  }
  const head = [
    'task',
    'by',
    'median',
    'fastest to slowest',
    'runs',
    'on the GPU',
    'rate',
    'of peak',
    'result',
  ];
  // What is of one size stands together, whoever did it.
  const titles = [...new Set(rows.map(({ title }) => title))];
  const sorted = titles.flatMap((title) => rows.filter((row) => row.title === title));
  const table = markdownTable([head, ...sorted.map(cells)]);
  const missing =
    leftOut.length > 0
      ? `\n\nLeft out, since they would take longer than asked for, or a smaller one failed: ${leftOut.join('; ')}.`
      : '';
  return `${lines.join(' ')}\n\n${table}${missing}\n`;
}

function cells({ title, by, wallMs, kernelMs, work, unit, peak, verdict }) {
  const wall = median(wallMs);
  const kernel = median(kernelMs);
  // The rate of the kernels where the GPU tells their time; else of the whole.
  const rate = work / ((kernel ?? wall) / 1000);
  return [
    title,
    by,
    wall === undefined ? '' : formatMs(wall),
    wall === undefined ? '' : `${formatMs(Math.min(...wallMs))} to ${formatMs(Math.max(...wallMs))}`,
    String(wallMs.length || kernelMs.length),
    kernel === undefined ? '' : formatMs(kernel),
    verdict.isRight && Number.isFinite(rate) ? `${formatNumber(rate)} ${unit}` : '',
    peak && verdict.isRight ? `${((100 * rate) / peak).toFixed(0)}%` : '',
    `${verdict.isRight || verdict.says.startsWith('failed') ? '' : 'WRONG: '}${verdict.says}`,
  ];
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
