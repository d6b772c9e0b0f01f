/** How the app is served and built. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const pwa = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'workers',
  filename: 'service-worker.ts',
  registerType: 'prompt',
  injectRegister: 'script-defer',
  injectManifest: {
    globPatterns: ['**/*.{html,js,css,svg,png,json,txt,safetensors}'],
    globIgnores: ['**/*.map'],
    // the starter's U-Net has 18 MB
    maximumFileSizeToCacheInBytes: 32 * 1024 * 1024,
  },
  manifest: {
    name: 'Gesso',
    short_name: 'Gesso',
    description: 'Stable Diffusion inside a browser tab, on your own GPU. Nothing leaves this computer.',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#f7f5f1',
    theme_color: '#f7f5f1',
    icons: [
      { src: 'icons/icon.svg', type: 'image/svg+xml', sizes: 'any' },
      { src: 'icons/icon-192.png', type: 'image/png', sizes: '192x192' },
      { src: 'icons/icon-512.png', type: 'image/png', sizes: '512x512' },
      { src: 'icons/icon-maskable-512.png', type: 'image/png', sizes: '512x512', purpose: 'maskable' },
    ],
  },
});

export default defineConfig({
  // Relative addresses: the built app works below any path.
  base: './',
  plugins: [svelte(), pwa],
  worker: { format: 'es' },
  build: { target: 'esnext' },
  // onnxruntime-web finds its .wasm beside itself; pre-bundling would move it away.
  optimizeDeps: { exclude: ['onnxruntime-web'], include: ['comlink', '@huggingface/transformers'] },
});
