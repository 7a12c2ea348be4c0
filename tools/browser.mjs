// Finds a Chrome or Chromium for the tests, or installs one, or says in one line what to install.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright';

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  `${process.env.PROGRAMFILES ?? 'C:/Program Files'}/Google/Chrome/Application/chrome.exe`,
  '/usr/bin/chromium',
];

/** WebGPU on a software adapter, headless, canvas capture included. A real GPU is used where NEARFIELD_GPU=1. */
export const launchArgs = [
  '--headless=new',
  '--enable-unsafe-webgpu',
  ...(process.env.NEARFIELD_GPU
    ? []
    : [
        '--use-webgpu-adapter=swiftshader',
        '--enable-features=Vulkan',
        '--use-vulkan=swiftshader',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
      ]),
  '--ignore-gpu-blocklist',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

function onPath(name) {
  const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.split('\n')[0].trim() : undefined;
}

function find() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const name of NAMES) {
    const path = onPath(name);
    if (path) return path;
  }
  return [...PLACES, chromium.executablePath()].find((path) => existsSync(path));
}

function isDebian() {
  return (
    existsSync('/etc/os-release') && /^(ID|ID_LIKE)=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

/** @returns {string} the path of a Chrome or Chromium, installed first if there is none */
export function ensureBrowser() {
  const present = find();
  if (present) return present;
  console.log('No Chrome or Chromium found. Installing one.');
  spawnSync('npx', ['playwright', 'install', 'chromium'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const installed = find();
  if (installed) return installed;
  if (isDebian() && process.getuid?.() === 0) {
    try {
      execFileSync('apt-get', ['update'], { stdio: 'inherit' });
      execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { stdio: 'inherit' });
    } catch (error) {
      console.error(`apt-get could not install chromium: ${error.message}`);
    }
  }
  const last = find();
  if (last) return last;
  throw new Error(
    'No browser to test in. Install Google Chrome or Chromium (or set CHROME_PATH to one) and run `npm test` again.',
  );
}
