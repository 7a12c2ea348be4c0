// npm run bench:python: faiss and scikit-learn on the same data, for whoever has them. Optional.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { groupedSet, randomSet, unitSet } from './data.mjs';
import { formatReport } from './table.mjs';

const USAGE = `npm run bench:python -- [--beside FILE] [--only WORD] [--json FILE]
  --beside FILE  put our rows of a result of npm run bench -- --json FILE into the tables, and compare
  --only WORD    only tasks with WORD in their name; may be repeated
  --json FILE    write the results there; printed after the tables otherwise
PYTHON names the interpreter; python3 unless told.`;

// As in bench/tasks: the same numbers, made by the same generator.
const TASKS = [
  {
    ...{ id: 'products', title: 'A·Bᵀ, 1,024 × 1,024 × 512' },
    ...{ work: (2 * 1024 ** 2 * 512) / 1e9, unit: 'GFLOP/s' },
    sets: () => ({ a: randomSet(1024, 512, 1), b: randomSet(1024, 512, 2) }),
  },
  ...[2000, 5000].map((rows) => ({
    id: `neighbors-${rows}`,
    title: `15 nearest of each of ${rows.toLocaleString('en')} × 64, euclidean`,
    ...{ work: (2 * rows ** 2 * 64) / 1e9, unit: 'GFLOP/s', k: 15 },
    sets: () => ({ a: groupedSet(rows, 64) }),
  })),
  {
    ...{ id: 'search', title: '50 nearest of one query in 10,000 × 384, cosine', k: 50 },
    sets: () => ({ a: unitSet(10_000, 384, 1), b: unitSet(1, 384, 2) }),
  },
  {
    ...{ id: 'manhattan', title: 'Manhattan distances, 1,024 × 1,024 × 512' },
    ...{ work: (1024 ** 2 * 512) / 1e9, unit: 'G elements/s' },
    sets: () => ({ a: randomSet(1024, 512, 1), b: randomSet(1024, 512, 2) }),
  },
  {
    ...{ id: 'hamming', title: 'Hamming distances, 1,024 × 1,024 rows of 4,096 bits' },
    ...{ work: (1024 ** 2 * 128) / 1e9, unit: 'G words/s' },
    note: 'faiss gives the 15 nearest, not the matrix; it counts all pairs for that.',
    sets: () => ({ a: randomSet(1024, 4096) }),
  },
  {
    ...{ id: 'similarity', title: 'CLIP similarity, 1,000 pictures × 200 labels × 512' },
    sets: () => ({ a: unitSet(1000, 512, 1), b: unitSet(200, 512, 2) }),
  },
];

const { values: options } = parseArgs({
  options: {
    beside: { type: 'string' },
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
process.exit(bench(process.env.PYTHON ?? 'python3'));

function bench(python) {
  if (spawnSync(python, ['-c', 'import faiss, sklearn'], { stdio: 'ignore' }).status !== 0) {
    console.error(
      `${python} has no faiss or no scikit-learn. Run: pip install faiss-cpu scikit-learn\n(in a virtual environment, and name its interpreter: PYTHON=.venv/bin/python npm run bench:python)`,
    );
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'nearfield-bench-'));
  try {
    const wanted = TASKS.filter(({ id }) => !options.only || options.only.some((word) => id.includes(word)));
    const tasks = wanted.map(({ sets, ...task }) => {
      const files = Object.entries(sets()).map(([name, set]) => {
        const file = join(folder, `${task.id}-${name}.npy`);
        writeFileSync(file, npyOf(set));
        return [name, file];
      });
      return { ...task, files: Object.fromEntries(files) };
    });
    const [asked, answered] = [join(folder, 'tasks.json'), join(folder, 'result.json')];
    writeFileSync(asked, JSON.stringify(tasks));
    const script = fileURLToPath(new URL('../tools/bench-python.py', import.meta.url));
    const { status } = spawnSync(python, [script, asked, answered], { stdio: 'inherit' });
    if (status !== 0) return status ?? 1;
    const result = JSON.parse(readFileSync(answered, 'utf8'));
    const ours = options.beside ? JSON.parse(readFileSync(options.beside, 'utf8')) : undefined;
    const reports = result.reports.map((report) => withOurs(report, ours));
    const { date, versions, machine } = result;
    console.log(`Measured on ${date}: ${versions}, ${machine}.`);
    if (ours) console.log(`Our rows are of ${ours.date}, adapter ${ours.adapter}, ${ours.browser}.`);
    for (const report of reports) console.log(`\n${formatReport(report)}`);
    const all = { ...result, reports };
    if (options.json) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
    else console.log(JSON.stringify(all));
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withOurs(report, ours) {
  const same = ours?.reports.find(({ id, title }) => id === report.id && title === report.title);
  const rows = (same?.rows ?? []).filter(({ name }) => name.startsWith('Nearfield'));
  const [first] = rows;
  const compared = report.rows.map((row) => ({
    ...row,
    ...(first?.verdict.isRight ? { firstIsTimesAsFast: row.medianMs / first.medianMs } : {}),
  }));
  return { ...report, rows: [...rows, ...compared] };
}

/** NumPy's file format, version 1.0: a magic word, a header padded to 64 bytes, the numbers. */
function npyOf({ vectors, dimension }) {
  const shape = `(${vectors.length / dimension}, ${dimension})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + length, ' ');
  head.write('\x93NUMPY\x01\x00', 0, 'latin1');
  head.writeUInt16LE(length, 8);
  head.write(text, 10, 'latin1');
  head[head.length - 1] = 10;
  return Buffer.concat([head, Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength)]);
}
