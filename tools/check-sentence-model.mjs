// Holds a true sentence model, run as the app runs a stored one (wasm, one thread), to what sentence-transformers makes of it.
//
//   python tools/make-transformer-fixtures.py --model FOLDER --out reference.json
//   node tools/check-sentence-model.mjs FOLDER reference.json [float16|int8] [every nth text]
import { readdirSync, readFileSync } from 'node:fs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { createServer } from 'vite';

const TEXTS_A_BATCH = 16;

const [folder, referenceFile, precision, every = '1'] = process.argv.slice(2);
const server = await createServer({ configFile: false, server: { middlewareMode: true }, logLevel: 'error' });
try {
  setWasmPaths(`${process.cwd()}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
  await setBackend('wasm');
  const { loadSentenceNetwork } = await server.ssrLoadModule('/src/models/bert/network.ts');
  const { modelFolder } = await server.ssrLoadModule('/src/models/model-folder.ts');
  const { CANDIDATES } = await server.ssrLoadModule('/src/models/hub/checkpoint-files.ts');
  const there = readdirSync(folder, { recursive: true }).filter((path) => CANDIDATES.includes(path));
  const files = new Map(there.map((path) => [path, new Blob([readFileSync(`${folder}/${path}`)])]));
  if (precision) files.set('model.safetensors', await convert(files.get('model.safetensors')));

  const network = await loadSentenceNetwork(
    modelFolder('key', folder, files),
    { backend: 'wasm', threads: 1 },
    {},
  );
  const loaded = memory().numTensors;
  const { texts, ids, vectors } = JSON.parse(readFileSync(referenceFile, 'utf8'));
  const tokens = texts.map((text) => network.tokenize(text));
  const order = [...texts.keys()].sort((a, b) => tokens[a].length - tokens[b].length);
  const chosen = order.filter((_, at) => at % Number(every) === 0);
  const cosines = [];
  for (let at = 0; at < chosen.length; at += TEXTS_A_BATCH) {
    const batch = chosen.slice(at, at + TEXTS_A_BATCH);
    const rows = await network.texts(batch.map((text) => tokens[text]));
    cosines.push(...rows.map(({ text }, row) => cosine(text, vectors[batch[row]])));
  }
  console.log(`weights: ${files.get('model.safetensors').size} bytes; texts: ${chosen.length}`);
  console.log(
    `texts with other token ids: ${tokens.filter((own, at) => own.join() !== ids[at].join()).length}`,
  );
  console.log(`lowest cosine: ${Math.min(...cosines)}`);
  console.log(`mean cosine: ${cosines.reduce((sum, one) => sum + one, 0) / cosines.length}`);
  console.log(`tensors left behind: ${memory().numTensors - loaded}`);
} finally {
  await server.close();
}

async function convert(weights) {
  const { sourceOfBlob } = await server.ssrLoadModule('/src/models/weights/byte-source.ts');
  const { readSafetensors } = await server.ssrLoadModule('/src/models/weights/safetensors.ts');
  const { convertCheckpoint } = await server.ssrLoadModule('/src/models/weights/convert.ts');
  const checkpoint = await readSafetensors(sourceOfBlob(weights, 'model.safetensors'));
  const pieces = [];
  for await (const piece of (await convertCheckpoint(checkpoint, precision)).pieces())
    pieces.push(piece.slice());
  return new Blob(pieces);
}

function cosine(a, b) {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] ** 2;
    bb += b[i] ** 2;
  }
  return dot / Math.sqrt(aa * bb);
}
