import { readFile } from 'node:fs/promises';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

// Threads in the wasm backend need SharedArrayBuffer, and that needs a page isolated from other origins.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Packages that only lazy chunks and workers import: found late, they would make the development server reload the page and lose a drop. */
export const lateDependencies = [
  '@huggingface/tokenizers',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients',
  '@tensorflow/tfjs-layers',
  'comlink',
  'idb',
  'three/tsl',
  'three/webgpu',
  'umap-js',
  'webgpu-utils',
  'zod',
];

/** Ships shaders without their comments, which are a good part of them; lines that start with `//:` are instructions. */
const plainShaders: Plugin = {
  name: 'plain-shaders',
  apply: 'build',
  enforce: 'pre',
  async load(id) {
    if (!id.endsWith('.wgsl?raw')) return null;
    const source = await readFile(id.replace('?raw', ''), 'utf8');
    const lines = source.split('\n').map((line) => line.replace(/\s*\/\/(?!:).*$/, '').trimStart());
    return `export default ${JSON.stringify(lines.filter(Boolean).join('\n'))}`;
  },
};

export default defineConfig({
  base: './',
  plugins: [
    plainShaders,
    react(),
    VitePWA({
      registerType: 'autoUpdate',
      manifest: {
        name: 'Nearfield',
        short_name: 'Nearfield',
        description: 'Drop pictures and words, see one map of what they mean.',
        theme_color: '#3b3f98',
        background_color: '#fbfbfa',
        display: 'standalone',
        icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
      },
      workbox: {
        globPatterns: ['**/*.{html,js,css,svg,wasm}'],
        // The largest is the map's chunk; the model's weights are kept by the code that loads and checks them.
        maximumFileSizeToCacheInBytes: 4 * 2 ** 20,
        globIgnores: ['models/**', 'samples/**'],
        runtimeCaching: [
          {
            urlPattern: ({ url }) => url.pathname.includes('/samples/'),
            handler: 'StaleWhileRevalidate',
            options: { cacheName: 'nearfield-samples' },
          },
          {
            urlPattern: ({ url }) => url.pathname.endsWith('.safetensors') && url.pathname.includes('/lab/'),
            handler: 'StaleWhileRevalidate',
            options: { cacheName: 'nearfield-recordings' },
          },
        ],
      },
    }),
  ],
  optimizeDeps: { include: lateDependencies },
  worker: { format: 'es' },
  // The manifest says which chunks the initial page is made of (.size-limit.mjs).
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 2000,
    manifest: true,
    rolldownOptions: {
      output: {
        // What the page needs at once is one chunk. Else each lazy part that shares a component with it splits it further, and
        // small chunks compress badly.
        codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] },
      },
    },
  },
  server: { headers: isolation },
  preview: { headers: isolation },
});
