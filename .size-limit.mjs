// What the page loads before anybody does anything, chunk by chunk from the build's own manifest.
import { readFileSync } from 'node:fs';

/** The page itself, and what it asks for at once. */
const roots = ['index.html', 'src/data/stored-library.ts', 'src/metrics/gpu-engine.ts'];

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));

function filesOf(key, found = new Set()) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${key} is not in the build's manifest; .size-limit.mjs must name what is.`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(imported, found);
  return found;
}

const files = new Set(['registerSW.js', ...roots.flatMap((root) => [...filesOf(root)])]);

export default [
  {
    name: 'JavaScript of the initial page',
    path: [...files].map((file) => `dist/${file}`),
    limit: '300 kB',
    gzip: true,
  },
];
