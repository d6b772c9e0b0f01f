/** Files of a model that are not what they should be. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import { FAKE_PACK, toJson } from './testing/fake-ports';
import { failure, setUpEngine } from './testing/set-up-engine';

let { fake, generate } = setUpEngine();

beforeEach(() => {
  ({ fake, generate } = setUpEngine());
});

/** As many bytes as the component has, but not the same. */
function wrongBytes(id: 'text_encoder'): Uint8Array {
  return new Uint8Array(FAKE_PACK.components[id]?.shards[0].byteLength ?? 0).fill(1);
}

describe('Engine with damaged files', () => {
  const changed = (component: object): Uint8Array =>
    toJson({ ...FAKE_PACK, components: { ...FAKE_PACK.components, ...component } });

  it.each<[string, Uint8Array | AppError, RegExp]>([
    ['unet-0.bin', new Uint8Array(20), /unet-0\.bin: has 20 bytes instead of \d+/],
    ['vae_decoder-0.bin', new Uint8Array(0), /vae_decoder-0\.bin: has 0 bytes/],
    ['text_encoder-0.bin', wrongBytes('text_encoder'), /text_encoder-0\.bin: is not what its SHA-256 says/],
    ['pack.json', new TextEncoder().encode('<!doctype html>'), /pack\.json: is not JSON/],
    ['pack.json', toJson({ ...FAKE_PACK, version: 3 }), /Fake: pack\.json must have version 1 or 2, not 3/],
    [
      'pack.json',
      changed({ unet: { ...FAKE_PACK.components.unet, config: { block_out_channels: [4] } } }),
      /unet\/config\.json: "down_block_types" is missing/,
    ],
    ['pack.json', changed({ text_encoder: undefined }), /this model has no text_encoder/],
    ['text_encoder-0.bin', new AppError('missing-file', 'text_encoder-0.bin: no such file'), /text_encoder/],
  ])('%s damaged: names it, keeps nothing loaded, works once it is mended', async (path, content, message) => {
    fake.replaced.set(path, content);
    const error = await failure(generate());
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).message).toMatch(message);
    expect(fake.alive.sessions).toBe(0);
    fake.replaced.clear();
    expect((await generate()).timings.modelCalls).toBe(4);
  });
});
