// Peers that are no dependency of the project: installed here on first use, and left out where that fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// A closed network may answer nothing at all; transformers.js brings 165 MB.
const MOST_MS = 300_000;

/** Each in a folder with a lock of its own, so that one can be had without the others. */
const PEERS = {
  'embedding-atlas': { folder: 'bench/peers', file: 'node_modules/embedding-atlas/dist/umap.js' },
  transformers: {
    folder: 'bench/peers/transformers',
    file: 'node_modules/@huggingface/transformers/dist/transformers.web.js',
  },
};

/**
 * @param {keyof typeof PEERS} name
 * @returns {string | null} the path under the project's root where its module lies, or null
 */
export function ensurePeer(name) {
  const { folder, file } = PEERS[name];
  const cwd = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  const isThere = () => existsSync(`${cwd}/${file}`);
  if (!isThere()) {
    console.error(`Installing ${name} in ${folder} (once).`);
    spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd,
      timeout: MOST_MS,
      shell: process.platform === 'win32',
    });
  }
  if (isThere()) return `/${folder}/${file}`;
  console.error(`${name} is not installed: its rows are left out.`);
  return null;
}
