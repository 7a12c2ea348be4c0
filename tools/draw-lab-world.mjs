// Draws contact sheets of the lab's world, writes sounds, measures.  node tools/draw-lab-world.mjs [--scales] [--speed] [FOLDER]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { deflateSync } from 'node:zlib';
import { createServer } from 'vite';

const { values: options, positionals } = parseArgs({
  options: { scales: { type: 'boolean' }, speed: { type: 'boolean' } },
  allowPositionals: true,
});
const folder = positionals[0] ?? 'test-results/lab-world';
const SIGNALS = ['image', 'depth', 'thermal', 'audio', 'imu'];

const vite = await createServer({
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  logLevel: 'error',
});
try {
  const load = (name) => vite.ssrLoadModule(`/src/lab/world/${name}.ts`);
  const [scene, batch, display, caption, audio, wav, factors] = await Promise.all(
    ['scene', 'batch', 'display', 'caption', 'audio', 'wav', 'factors'].map(load),
  );
  if (options.scales) printScales(scene, batch);
  else if (options.speed) printSpeed(scene, batch);
  else drawSheets(scene, display, caption, audio, wav, factors);
} finally {
  await vite.close();
}

/** A column a scene, a row a modality; then a row a factor, with all its levels in one scene. */
function drawSheets(
  { sceneAt, changeScene },
  { pictureOf },
  { renderCaption },
  { renderAudio, AUDIO_HZ },
  { encodeWav },
  { LEVELS },
) {
  mkdirSync(folder, { recursive: true });
  const scenes = Array.from({ length: 12 }, (_, i) => sceneAt(1, i));
  for (const side of [32, 48, 192]) {
    const rows = SIGNALS.map((modality) => scenes.map((one) => pictureOf(one, modality, side)));
    writeFileSync(join(folder, `scenes-${side}.png`), sheet(rows, Math.max(1, Math.floor(144 / side))));
  }
  for (const modality of SIGNALS) {
    const rows = Object.entries(LEVELS).map(([factor, levels]) =>
      levels.map((level) => pictureOf(changeScene(sceneAt(1, 3), { [factor]: level }), modality, 48)),
    );
    writeFileSync(join(folder, `factors-${modality}.png`), sheet(rows, 2));
  }
  const grid = Array.from({ length: 12 }, (_, row) =>
    Array.from({ length: 16 }, (_, column) => pictureOf(sceneAt(2, row * 16 + column), 'image', 48)),
  );
  writeFileSync(join(folder, 'images.png'), sheet(grid, 2));
  for (const shape of LEVELS.shape) {
    const one = changeScene(sceneAt(1, 0), { shape, speed: 'slow', loudness: 'loud' });
    writeFileSync(join(folder, `${shape}.wav`), encodeWav(renderAudio(one), AUDIO_HZ));
  }
  console.log(scenes.map(renderCaption).join('\n'));
  console.log(folder);
}

function printScales({ scenesAt }, { renderBatch, SCALES }) {
  for (const modality of SIGNALS) {
    const { mean, deviation } = SCALES[modality];
    const sums = mean.map(() => ({ count: 0, sum: 0, squares: 0 }));
    for (let from = 0; from < 4096; from += 64) {
      renderBatch(modality, scenesAt(1, from, 64)).values.forEach((scaled, at) => {
        const channel = at % mean.length;
        const value = scaled * deviation[channel] + mean[channel];
        sums[channel].count++;
        sums[channel].sum += value;
        sums[channel].squares += value ** 2;
      });
    }
    const means = sums.map(({ count, sum }) => sum / count);
    const deviations = sums.map(({ count, squares }, i) => Math.sqrt(squares / count - means[i] ** 2));
    const round = (list) => list.map((value) => Number(value.toFixed(3))).join(', ');
    console.log(`${modality}: { mean: [${round(means)}], deviation: [${round(deviations)}] },`);
  }
}

function printSpeed({ scenesAt }, { renderBatch, captionBatch }) {
  const tasks = new Map([
    ['scenes alone', () => scenesAt(1, 0, 256)],
    ...[32, 48].flatMap((side) =>
      SIGNALS.slice(0, 3).map((modality) => [
        `${modality} ${side}`,
        (scenes) => renderBatch(modality, scenes, side),
      ]),
    ),
    ...SIGNALS.slice(3).map((modality) => [modality, (scenes) => renderBatch(modality, scenes)]),
    ['text', captionBatch],
  ]);
  const times = new Map([...tasks.keys()].map((name) => [name, []]));
  // Processor time, in turns, so that what else the machine does counts little and falls on all alike; two rounds warm up.
  for (let round = 0; round < 9; round++) {
    for (const [name, task] of tasks) {
      const scenes = scenesAt(1, round * 256, 256);
      const start = process.cpuUsage();
      task(scenes);
      if (round >= 2) times.get(name).push(process.cpuUsage(start).user / 1000);
    }
  }
  for (const [name, list] of times) {
    list.sort((a, b) => a - b);
    const median = list[3];
    console.log(
      `${name.padEnd(14)} ${median.toFixed(1).padStart(7)} ms of one core for 256 (${list[0].toFixed(1)} to ${list[6].toFixed(1)}), ${Math.round(256_000 / median)} a second`,
    );
  }
}

function sheet(rows, zoom) {
  const cell = rows[0][0].width * zoom + 4;
  const width = cell * Math.max(...rows.map((row) => row.length)) + 4;
  const height = cell * rows.length + 4;
  const lines = Buffer.alloc(height * (1 + width * 3), 255);
  for (let y = 0; y < height; y++) lines[y * (1 + width * 3)] = 0;
  rows.forEach((row, down) => {
    row.forEach(({ data, width: side }, across) => {
      for (let y = 0; y < side * zoom; y++) {
        for (let x = 0; x < side * zoom; x++) {
          const from = (Math.floor(y / zoom) * side + Math.floor(x / zoom)) * 4;
          const to = (down * cell + 4 + y) * (1 + width * 3) + 1 + (across * cell + 4 + x) * 3;
          lines.set(data.subarray(from, from + 3), to);
        }
      }
    });
  });
  return png(lines, width, height);
}

/** 8-bit RGB from scan lines that begin with their filter. */
function png(lines, width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc(body), body.length + 4);
  return frame;
}

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}
