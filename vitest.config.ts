import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { ensureBrowser, launchArgs } from './tools/browser.mjs';
import { lateDependencies } from './vite.config.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', environment: 'node', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        // A file that is not there is answered with index.html. With this, the packages of its script would be optimized
        // then, and the page reloaded in the middle of a test.
        server: { preTransformRequests: false },
        optimizeDeps: { include: [...lateDependencies, 'd3-scale-chromatic', 'fflate', 'zustand'] },
        test: {
          name: 'gpu',
          include: ['test/gpu/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: ensureBrowser(), args: launchArgs } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
