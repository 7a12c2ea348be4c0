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
