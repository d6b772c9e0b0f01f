import { describe, expect, it } from 'vitest';
import { parseInfotext, recipeOf, recipeSettings, writeInfotext } from './infotext';
import { readLink, writeLink } from './links';
import type { GenerationRequest } from './request';

const REQUEST: GenerationRequest = {
  model: 'm',
  prompt: 'a cat',
  negativePrompt: '',
  sampler: 'euler',
  schedule: 'karras',
  noise: 'nv',
  steps: 8,
  cfgScale: 4,
  seed: 7,
  width: 1024,
  height: 1024,
};

/** What the extension writes into a picture. */
const said = (json: string): string =>
  `a cat\nSteps: 25, Sampler: Euler, CFG scale: 7, Seed: 8, Size: 1024x1536, Denoising strength: 0.75, Tiled Diffusion: ${json}, Version: v1.9.4`;

describe('tiled diffusion in recipes', () => {
  it('is told as the extension tells it, and read again, also in links', () => {
    const asked = { ...REQUEST, tiledMethod: 'mixture', tileWidth: 64, tileOverlap: 16 } as const;
    const recipe = recipeOf(asked);
    const text = writeInfotext(recipe);
    expect(text).toContain(
      'Tiled Diffusion: {"Method": "Mixture of Diffusers", "Tile tile width": 64, "Tile tile height": 96, "Tile Overlap": 16, "Tile batch size": 1}',
    );
    const own = { tiledMethod: 'mixture', tileWidth: 64, tileHeight: 96, tileOverlap: 16 };
    expect(recipeSettings(parseInfotext(text).recipe).settings).toMatchObject(own);
    expect(writeInfotext(parseInfotext(text).recipe)).toBe(text);
    const link = readLink(writeLink(recipe));
    expect(recipeSettings(link?.recipe ?? recipe).settings).toMatchObject(own);
    expect(link?.notes).toEqual([]);
  });

  it('is not told where there is none', () => {
    const text = writeInfotext(recipeOf({ ...REQUEST, tileWidth: 64 }));
    expect(text).not.toContain('Tile');
    expect(recipeSettings(parseInfotext(text).recipe).settings).toMatchObject({ tiledMethod: 'none', tileWidth: 96 });
  });

  it('names what of the extension is not applied', () => {
    const json =
      '{"Method": "MultiDiffusion", "Tile tile width": 128, "Tile tile height": 96, "Tile Overlap": 48, "Tile batch size": 4, "Upscaler": "4x-UltraSharp", "Upscale factor": 2, "NoiseInv": true, "Region control": {"Region 1": {"enable": true, "prompt": "1girl, solo"}}}';
    const { recipe, notes } = parseInfotext(said(json));
    expect(recipe).toMatchObject({ tiledMethod: 'multidiffusion', tileWidth: 128 });
    expect(recipeSettings(recipe).settings).toMatchObject({ tileWidth: 128, tileHeight: 96, tileOverlap: 48 });
    expect(recipe.version).toBe('v1.9.4');
    expect(notes.map(({ message }) => message)).toEqual([
      'Of Tiled Diffusion this is not applied: its regions with prompts of their own, noise inversion, the upscaler that its picture went through.',
    ]);
  });

  it('keeps another program’s as it is, and says so', () => {
    const json = '{"Method": "DemoFusion", "Window Size": 128}';
    const { recipe, notes } = parseInfotext(said(json));
    expect(recipe.tiledMethod).toBeUndefined();
    expect(notes.map(({ message }) => message)).toEqual(['This way of Tiled Diffusion is not known here.']);
    expect(writeInfotext(recipe)).toContain(`Tiled Diffusion: ${json},`);
  });

  it('reads the keys of its first versions', () => {
    const old =
      'a cat\nSteps: 25, Sampler: Euler, Seed: 8, Size: 1024x1536, Tiled Diffusion method: MultiDiffusion, Tiled Diffusion tile width: 64, Tiled Diffusion tile height: 80, Tiled Diffusion overlap: 8';
    expect(parseInfotext(old).recipe).toMatchObject({
      tiledMethod: 'multidiffusion',
      tileWidth: 64,
      tileHeight: 80,
      tileOverlap: 8,
    });
  });

  it('refuses tiles of sizes that nothing can be painted in', () => {
    const { notes, settings } = recipeSettings(
      parseInfotext(said('{"Method": "MultiDiffusion", "Tile tile width": 4000}')).recipe,
    );
    expect(notes.some(({ message }) => message === 'Tile width must be from 16 to 256, not 4000.')).toBe(true);
    expect(settings.tileWidth).toBeUndefined();
  });
});
