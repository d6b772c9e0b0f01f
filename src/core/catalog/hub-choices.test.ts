import { describe, expect, it } from 'vitest';
import { readRepositoryFacts, type TreeFile } from '.';
import { hubChoices } from './hub-choices';

const tree = (files: Record<string, number>): TreeFile[] =>
  Object.entries(files).map(([path, byteLength]) => ({ path, byteLength }));

const PIPELINE = {
  'model_index.json': 1,
  'scheduler/scheduler_config.json': 1,
  'text_encoder/config.json': 1,
  'text_encoder/model.fp16.safetensors': 10,
  'text_encoder/model.safetensors': 20,
  'text_encoder/pytorch_model.bin': 20,
  'tokenizer/vocab.json': 5,
  'tokenizer/tokenizer.json': 7,
  'unet/config.json': 1,
  'unet/diffusion_pytorch_model.bin': 200,
  'unet/diffusion_pytorch_model.safetensors': 200,
  'unet/diffusion_pytorch_model.non_ema.safetensors': 200,
  'vae/config.json': 1,
  'vae/diffusion_pytorch_model.safetensors': 30,
  'safety_checker/model.safetensors': 99,
};

describe('hubChoices', () => {
  it('takes of a pipeline what the importer reads, each part once and in half precision where that is published', () => {
    const [folder, ...more] = hubChoices(tree(PIPELINE), '');
    expect(more).toEqual([]);
    expect(folder).toMatchObject({ kind: 'folder', path: '', byteLength: 10 + 200 + 30 + 7 + 5 });
    expect(folder?.files.toSorted()).toEqual([
      'model_index.json',
      'scheduler/scheduler_config.json',
      'text_encoder/config.json',
      'text_encoder/model.fp16.safetensors',
      'tokenizer/tokenizer.json',
      'unet/config.json',
      'unet/diffusion_pytorch_model.safetensors',
      'vae/config.json',
      'vae/diffusion_pytorch_model.safetensors',
    ]);
  });

  it('takes a pipeline that has the second text encoder alone: the refiner', () => {
    const moved = Object.entries(PIPELINE).map(([path, size]) => [
      path.replace(/^(text_encoder|tokenizer)\//, '$1_2/'),
      size,
    ]);
    const [folder] = hubChoices(tree(Object.fromEntries(moved) as typeof PIPELINE), '');
    expect(folder?.problem).toBeUndefined();
    expect(folder?.files).toContain('text_encoder_2/model.fp16.safetensors');
  });

  it('takes all shards of a set', () => {
    const whole = 'unet/diffusion_pytorch_model.safetensors';
    const rest = Object.fromEntries(Object.entries(PIPELINE).filter(([path]) => path !== whole));
    const shards = {
      'unet/diffusion_pytorch_model-00001-of-00002.safetensors': 100,
      'unet/diffusion_pytorch_model-00002-of-00002.safetensors': 100,
      'unet/diffusion_pytorch_model.safetensors.index.json': 1,
    };
    const [folder] = hubChoices(tree({ ...rest, ...shards }), '');
    expect(folder?.files.filter((path) => path.startsWith('unet/diffusion')).length).toBe(2);
  });

  it('offers checkpoints beside a pipeline, and one alone where its own page was given', () => {
    const files = tree({ ...PIPELINE, 'v1.ckpt': 400, 'v1.safetensors': 400, 'sub/x.safetensors': 2, 'README.md': 1 });
    expect(hubChoices(files, '').map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'folder ',
      'file v1.ckpt',
      'file v1.safetensors',
      'file sub/x.safetensors',
    ]);
    expect(hubChoices(files, 'v1.ckpt')).toEqual([
      { kind: 'file', path: 'v1.ckpt', files: ['v1.ckpt'], byteLength: 400 },
    ]);
    expect(hubChoices(files, 'sub').map(({ path }) => path)).toEqual(['sub/x.safetensors']);
    expect(hubChoices(files, 'README.md').length).toBe(4);
  });

  it('means the model where a part of it was pasted', () => {
    const files = tree(Object.fromEntries(Object.entries(PIPELINE).map(([path, bytes]) => [`sub/${path}`, bytes])));
    for (const path of ['', 'sub', 'sub/', 'sub/unet', 'sub/model_index.json', 'sub/unet/config.json'])
      expect(hubChoices(files, path), path).toMatchObject([{ kind: 'folder', path: 'sub' }]);
  });

  it('says of a pipeline of another kind that it is one, and finds packs', () => {
    const flux = tree({
      'model_index.json': 1,
      'transformer/diffusion_pytorch_model.safetensors': 1,
      'vae/config.json': 1,
    });
    expect(hubChoices(flux, '')).toMatchObject([
      { kind: 'folder', files: [], problem: expect.stringMatching(/another kind/) as string },
    ]);
    const packs = tree({ 'tiny/pack.json': 5, 'tiny/unet-0.bin': 70, 'tiny/vae-0.bin': 30, 'other.bin': 9 });
    expect(hubChoices(packs, '')).toEqual([
      { kind: 'pack', path: 'tiny/pack.json', files: ['tiny/pack.json'], byteLength: 100 },
    ]);
  });
});

describe('readRepositoryFacts', () => {
  it('knows gated repositories and licences', () => {
    expect(readRepositoryFacts({ gated: false, tags: ['x', 'license:mit'] })).toEqual({
      isGated: false,
      licence: 'mit',
    });
    expect(readRepositoryFacts({ gated: 'manual' })).toEqual({ isGated: true });
    expect(readRepositoryFacts(null)).toEqual({ isGated: false });
  });
});
