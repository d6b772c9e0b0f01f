/** transformers.js must not send anyone elsewhere. */
import { describe, expect, it } from 'vitest';
import { forgetCdn, importTransformers } from './transformers';

describe('forgetCdn', () => {
  it('unsets the addresses of a CDN', () => {
    const wasm = { wasmPaths: { mjs: 'https://cdn.jsdelivr.net/a.mjs', wasm: 'https://cdn.jsdelivr.net/a.wasm' } };
    forgetCdn(wasm);
    expect(wasm).toEqual({});
  });

  it('keeps addresses that the app has set', () => {
    const paths = { wasm: 'http://localhost:4173/assets/ort.wasm' };
    const wasm = { wasmPaths: paths };
    forgetCdn(wasm);
    forgetCdn(undefined);
    expect(wasm).toEqual({ wasmPaths: paths });
  });
});

describe('importTransformers', () => {
  it('allows no download and leaves no address of a CDN', async () => {
    const { env } = await importTransformers();
    expect(env.allowRemoteModels).toBe(false);
    expect(JSON.stringify(env.backends.onnx.wasm?.wasmPaths) ?? '').not.toContain('://');
  });
});
