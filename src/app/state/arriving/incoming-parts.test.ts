import { describe, expect, it } from 'vitest';
import type { ModelEntry } from '../../../core/catalog';
import type { Recipe } from '../../../core/recipe/recipe';
import { withOwnParts } from './incoming-parts';

const HASH = '735e4c3a447a3255760d7f86845f09f937809baa529c17370d83e4c3758f3c75';
const here = {
  vaes: [{ name: 'ClearVAE v2.3', fileName: 'clearvaeSD15_v23.safetensors', sha256: HASH }],
  texts: [
    { name: 'long-clip', fileName: 'Long-ViT-L-14.safetensors' },
    { name: 'clip_g', fileName: 'clip_g.safetensors' },
  ],
  upscalers: [{ name: '4x-Sharp', fileName: '4x-Sharp.pth' }],
  usable: [{ id: 'xl', name: 'XL' }] as ModelEntry[],
  modelFacts: () => ({ model: 'xl_base', modelHash: '31e35c80fc' }),
};
const read = (recipe: Partial<Recipe>) => {
  const { recipe: own, notes } = withOwnParts(
    { form: 'infotext', recipe: { prompt: 'a', negativePrompt: '', ...recipe }, notes: [] },
    here,
  );
  const { vae, textEncoder, secondTextEncoder } = own;
  return { vae, textEncoder, secondTextEncoder, notes: notes.map(({ message }) => message) };
};

describe('withOwnParts', () => {
  it('finds the checkpoint of a second pass by its hash, and names one that is not here', () => {
    const asked = (checkpoint: string) =>
      withOwnParts(
        { form: 'infotext', recipe: { prompt: 'a', negativePrompt: '', hires: { upscale: 2, checkpoint } }, notes: [] },
        here,
      );
    expect(asked('older name [31e35c80fc]').recipe.hires).toEqual({ upscale: 2, checkpoint: 'xl_base [31e35c80fc]' });
    expect(asked('Use same checkpoint').notes).toEqual([]);
    const gone = asked('other [0123456789]');
    expect(gone.recipe.hires?.checkpoint).toBe('other [0123456789]');
    expect(gone.notes.map(({ message }) => message)).toEqual([
      'This checkpoint is not here: other [0123456789]; add it under Models, or choose another under “Hires. fix”.',
    ]);
  });

  it.each([
    [{ vae: 'clearvaeSD15_v23.safetensors' }],
    [{ vae: 'ClearVAE v2.3' }],
    [{ vae: 'renamed.pt', vaeHash: '735e4c3a44' }],
  ])('finds a VAE by its file, its name or its hash: %j', (recipe) => {
    expect(read(recipe)).toEqual({ vae: 'ClearVAE v2.3', notes: [] });
  });

  it('names a VAE and an upscaler that are not here, and neither what needs no file', () => {
    expect(read({ vae: 'other.pt', vaeHash: '0123456789' }).notes).toEqual([
      'This VAE is not here: other.pt [0123456789]; add its file, or the model’s own is used.',
    ]);
    expect(read({ hires: { upscale: 2, upscaler: '4x-UltraSharp' } }).notes).toEqual([
      'This upscaler is not here: 4x-UltraSharp; add its file, or choose another under “Hires. fix”.',
    ]);
    for (const upscaler of ['4x-Sharp', 'Latent', 'R-ESRGAN AnimeVideo', 'Lanczos', 'None'])
      expect(read({ hires: { upscale: 2, upscaler } }).notes).toEqual([]);
    expect(read({}).notes).toEqual([]);
    expect(read({ vae: 'automatic' }).notes).toEqual([]);
  });

  it('finds text encoders by their file or name, and names those that are not here', () => {
    const asked = { textEncoder: 'Long-ViT-L-14', secondTextEncoder: 'CLIP_G' };
    expect(read(asked)).toEqual({ textEncoder: 'long-clip', secondTextEncoder: 'clip_g', notes: [] });
    expect(read({ textEncoder: 'other' }).notes).toEqual([
      'This text encoder is not here: other; add its file, or the model’s own is used.',
    ]);
  });

  it('takes Forge’s modules for what they are here, and names the others', () => {
    const modules = { 'Module 1': 'clearvaeSD15_v23', 'Module 2': 'Long-ViT-L-14', 'Module 3': 'clip_g' };
    expect(read({ unknown: modules })).toEqual({
      ...{ vae: 'ClearVAE v2.3', textEncoder: 'long-clip', secondTextEncoder: 'clip_g', notes: [] },
    });
    expect(read({ vae: 'automatic', unknown: { 'Module 1': 't5xxl_fp16' } })).toEqual({
      vae: 'automatic',
      notes: ['This VAE or text encoder is not here: t5xxl_fp16; add its file.'],
    });
  });
});
