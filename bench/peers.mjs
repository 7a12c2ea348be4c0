// Peers that are no dependency of the project: installed here on first use, and left out where that fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// A closed network may answer nothing at all.
const MOST_MS = 120_000;
const ATLAS = '/bench/peers/node_modules/embedding-atlas/dist/umap.js';

/** @returns the path under the project's root where embedding-atlas lies, or null */
export async function ensurePeers() {
  const folder = fileURLToPath(new URL('./peers', import.meta.url));
  const file = fileURLToPath(new URL(`..${ATLAS}`, import.meta.url));
  if (!existsSync(file)) {
    console.error('Installing the peers in bench/peers (once).');
    spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--fetch-retries=1'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: folder,
      timeout: MOST_MS,
      shell: process.platform === 'win32',
    });
  }
  if (existsSync(file)) return ATLAS;
  console.error('embedding-atlas is not installed: its rows are left out.');
  return null;
}
