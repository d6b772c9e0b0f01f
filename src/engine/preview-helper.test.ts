import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import type { OpenPack, Pack } from '../core/packs';
import { withPreviewHelper } from './preview-helper';

const component = (file: string) => ({ config: {}, shards: [{ file, byteLength: 1, sha256: '' }], weights: {} });
const packed = (id: string, family: Pack['family'], components: Pack['components']): OpenPack => ({
  pack: {
    version: 1,
    id,
    name: id,
    family,
    plan: 'q8',
    source: { name: id, byteLength: 1, layout: 'ldm' },
    scheduler: {},
    tokenizer: 'clip',
    components,
  },
  shard: (file) => Promise.resolve({ name: `${id}/${file}`, size: 1, readSync: () => new Uint8Array(1) }),
});

const helper = packed('taesdxl', 'sdxl', { taesd_decoder: component('taesd.bin'), vae_decoder: component('vae.bin') });
const model = packed('x', 'sdxl', { unet: component('unet.bin'), vae_decoder: component('vae.bin') });
const store = (...packs: OpenPack[]) => ({
  open: (id: string) => {
    const found = packs.find(({ pack }) => pack.id === id);
    return found ? Promise.resolve(found) : Promise.reject(new AppError('missing-file', id));
  },
});

describe('withPreviewHelper', () => {
  it('borrows TAESD of the model’s family, and nothing else', async () => {
    const open = await withPreviewHelper(model, store(helper));
    expect(Object.keys(open.pack.components).sort()).toEqual(['taesd_decoder', 'unet', 'vae_decoder']);
    expect((await open.shard('taesd.bin')).name).toBe('taesdxl/taesd.bin');
    expect((await open.shard('vae.bin')).name).toBe('x/vae.bin');
  });

  it('does without where there is none, or where the model has its own or another latent space', async () => {
    expect(await withPreviewHelper(model, store())).toBe(model);
    const own = packed('y', 'sdxl', { taesd_decoder: component('own.bin') });
    expect(await withPreviewHelper(own, store(helper))).toBe(own);
    const starter = packed('z', 'starter', {});
    expect(await withPreviewHelper(starter, store(helper))).toBe(starter);
  });
});
