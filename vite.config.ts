/** How the app is served and built. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { leaveRuntimeOut } from './tools/vite/leave-runtime-out';
import { packFiles } from './tools/vite/pack-files';
import { slimTransformers } from './tools/vite/slim-transformers';
import manifest from './models-manifest.json';
import { CONTENT_SECURITY_POLICY } from './workers/response-headers';

const pwa = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'workers',
  filename: 'service-worker.ts',
  registerType: 'prompt',
  // the page registers it itself: src/app/state/page/updates.svelte.ts
  injectRegister: false,
  injectManifest: {
    globPatterns: [
      '**/*.{html,js,css,svg,png,json,gz,gzip,zstd}',
      // the cards of what there is to try; pictures of models are none of these
      'assets/*.webp',
    ],
    dontCacheBustURLsMatching: /^(assets|packed)\//,
    globIgnores: [
      // for the browser's install dialog alone
      'screenshots/**',
      // kept when they are first asked for
      'models/starter/names.json',
      'packed/vae_encoder-*',
      // another form of what is listed already
      'packed/texts/**',
      'assets/marked*',
      'assets/bench.worker-*',
    ],
    // U-Net of the starter; of the runtime's two flavours the service worker takes the one that its browser uses
    maximumFileSizeToCacheInBytes: 12e6,
  },
  manifest: {
    name: 'Gesso',
    short_name: 'Gesso',
    description: 'Stable Diffusion inside a browser tab, on your own GPU. Nothing leaves this computer.',
    id: './',
    start_url: './',
    scope: './',
    display: 'standalone',
    display_override: ['window-controls-overlay', 'standalone'],
    categories: ['graphics', 'photo', 'entertainment'],
    background_color: '#f7f5f1',
    theme_color: '#f7f5f1',
    icons: [
      { src: 'icons/icon.svg', type: 'image/svg+xml', sizes: 'any' },
      { src: 'icons/icon-192.png', type: 'image/png', sizes: '192x192' },
      { src: 'icons/icon-512.png', type: 'image/png', sizes: '512x512' },
      { src: 'icons/icon-maskable-512.png', type: 'image/png', sizes: '512x512', purpose: 'maskable' },
    ],
    screenshots: [
      { src: 'screenshots/desktop.png', type: 'image/png', sizes: '1280x800', form_factor: 'wide', label: 'A picture' },
      {
        src: 'screenshots/phone.png',
        type: 'image/png',
        sizes: '780x1688',
        form_factor: 'narrow',
        label: 'On a phone',
      },
    ],
    shortcuts: [{ name: 'Models', url: './?open=models', icons: [{ src: 'icons/icon-192.png', sizes: '192x192' }] }],
    launch_handler: { client_mode: ['focus-existing', 'auto'] },
    file_handlers: [
      {
        action: './',
        accept: {
          'image/png': ['.png'],
          'image/jpeg': ['.jpg', '.jpeg'],
          'image/webp': ['.webp'],
          'image/avif': ['.avif'],
          'image/gif': ['.gif'],
          'application/octet-stream': ['.safetensors', '.ckpt'],
        },
      },
    ],
    share_target: {
      action: './share',
      method: 'POST',
      enctype: 'multipart/form-data',
      params: { files: [{ name: 'files', accept: ['image/*', '.png', '.safetensors', '.ckpt'] }] },
    },
  },
});

/** Not in development: Vite's own scripts are inline there. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

/** Its own file: the app's own parts would wait for it to have started, which begins with the storage. */
const isNotEntry = (id: string): boolean => !/\/(index\.html|src\/app\/main\.ts)/.test(id);

export default defineConfig({
  // Relative addresses: the built app works below any path.
  base: './',
  plugins: [svelte(), leaveRuntimeOut(), packFiles(), pwa, contentSecurityPolicy],
  worker: { format: 'es', plugins: () => [slimTransformers(), leaveRuntimeOut()] },
  build: {
    target: 'esnext',
    // One file of what the form begins with: in many small ones each word is packed anew, 7 % more bytes.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'form', tags: ['$initial'], test: isNotEntry }] } },
    },
  },
  // The page begins with the built-in model; the others come when it stands. `parseCatalog` leaves entries as they are.
  define: { STARTER_ENTRY: JSON.stringify(manifest.models[0]) },
  // onnxruntime-web finds its .wasm beside itself; pre-bundling would move it away.
  optimizeDeps: { exclude: ['onnxruntime-web'], include: ['comlink', '@huggingface/transformers'] },
});
