import { defineConfig } from '@playwright/test';
import { ensureBrowser, launchArgs } from './tools/browser.mjs';

const port = 4179;

export default defineConfig({
  testDir: 'test/e2e',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  // Two software GPUs at once on two cores would only slow each other down.
  workers: 1,
  fullyParallel: false,
  use: {
    actionTimeout: 20_000,
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: ensureBrowser(), args: launchArgs },
  },
  webServer: {
    command: `npx --no-install vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  },
});
