import { describe, expect, it } from 'vitest';
import { parseInfotext, recipeOf, recipeSettings, writeInfotext } from './infotext';
import { readLink, writeLink } from './links';
import { largestTile, redrawProblems } from './redraw';
import { withDefaults, type GenerationRequest } from './request';

const REQUEST: GenerationRequest = {
  ...{ model: 'm', prompt: 'a cat', negativePrompt: '', sampler: 'euler', schedule: 'karras', noise: 'nv' },
  ...{ steps: 8, cfgScale: 4, seed: 7, width: 512, height: 512, initImage: 'a'.repeat(64), denoisingStrength: 0.35 },
};
/** As a gallery of 2024 has it. */
const WILD =
  'a portrait\nSteps: 40, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 938383883, Size: 2816x1984, Model: fennPhoto_v10, Denoising strength: 0.3, Mask blur: 8, Inpaint area: Only masked, Masked area padding: 32, Ultimate SD upscale upscaler: 4x-UltraSharp.pth, Ultimate SD upscale tile_width: 768, Ultimate SD upscale tile_height: 512, Ultimate SD upscale mask_blur: 12, Ultimate SD upscale padding: 48, Version: v1.9.4';

describe('tiles of pixels in recipes', () => {
  it('are told in the script’s keys, with ours for what it does not tell, and read again, also in links', () => {
    const asked = {
      ...REQUEST,
      ...({ redraw: 'chess', redrawScale: 3, redrawTileWidth: 768, seamFix: 'band_pass', seamFixWidth: 48 } as const),
    };
    const recipe = recipeOf(asked);
    const text = writeInfotext(recipe);
    expect(text).toContain(
      'Ultimate SD upscale upscaler: R-ESRGAN AnimeVideo, Ultimate SD upscale tile_width: 768, Ultimate SD upscale tile_height: 768, Ultimate SD upscale mask_blur: 8, Ultimate SD upscale padding: 32, Ultimate SD upscale type: Chess, Ultimate SD upscale scale: 3, Ultimate SD upscale seams_fix_type: Band pass, Ultimate SD upscale seams_fix_width: 48',
    );
    const own = {
      ...{ redraw: 'chess', redrawScale: 3, redrawTileWidth: 768, redrawTileHeight: 768, redrawPadding: 32 },
      ...{ seamFix: 'band_pass', seamFixWidth: 48, seamFixPadding: 16 },
    };
    expect(recipeSettings(parseInfotext(text).recipe).settings).toMatchObject(own);
    expect(writeInfotext(parseInfotext(text).recipe)).toBe(text);
    const link = readLink(writeLink(recipe));
    expect(recipeSettings(link?.recipe ?? recipe).settings).toMatchObject(own);
  });

  it('are not told where there are none', () => {
    expect(writeInfotext(recipeOf({ ...REQUEST, redrawTileWidth: 768, seamFix: 'half_tile' }))).not.toMatch(/upscale/);
  });

  it('are read from pictures of A1111: as large as the text says, its last tile no mask', () => {
    const { recipe, notes } = parseInfotext(WILD);
    expect(notes).toEqual([]);
    const { settings } = recipeSettings({ ...recipe, initImage: 'a'.repeat(64) }, { min: 64, max: 1024, step: 8 });
    expect(settings).toMatchObject({
      ...{ width: 2816, height: 1984, redraw: 'linear', redrawScale: 0, redrawUpscaler: '4x-UltraSharp' },
      ...{ redrawTileWidth: 768, redrawTileHeight: 512, redrawMaskBlur: 12, redrawPadding: 48 },
    });
    expect(recipe.maskBlur).toBeUndefined();
    expect(recipe.unknown).toBeUndefined();
    expect(writeInfotext(recipe)).toContain('Ultimate SD upscale upscaler: 4x-UltraSharp,');
  });

  it('leave a size that only tiles reach out where the recipe has no picture, and say so', () => {
    const { settings, notes } = recipeSettings(parseInfotext(WILD).recipe, { min: 64, max: 2048, step: 8 });
    expect(settings).not.toHaveProperty('width');
    expect(settings).not.toHaveProperty('height');
    expect(notes.map(({ key, message }) => `${key}: ${message}`)[0]).toMatch(/^Size: .*2816 × 1984 starts from one/);
    const fits = recipeSettings(parseInfotext(WILD.replace('2816x1984', '1024x768')).recipe);
    expect(fits.settings).toMatchObject({ width: 1024, height: 768 });
    expect(fits.notes.map(({ key }) => key)).not.toContain('Size');
    const odd = recipeSettings(parseInfotext(WILD.replace('2816x1984', '1001x768')).recipe);
    expect(odd.notes.map(({ key }) => key)).toContain('Width');
  });

  it('are read from the first version’s squares', () => {
    const old =
      'a\nSteps: 4, Sampler: Euler, Seed: 1, Size: 1024x1024, Ultimate SD upscale upscaler: None, Ultimate SD upscale tile_size: 640';
    expect(parseInfotext(old).recipe).toMatchObject({
      ...{ redraw: 'linear', redrawUpscaler: 'none', redrawTileWidth: 640, redrawTileHeight: 640 },
    });
  });

  it('are read from SD upscale, whose size is a tile’s', () => {
    const text =
      'a\nSteps: 4, Sampler: Euler, Seed: 1, Size: 640x512, Denoising strength: 0.2, SD upscale overlap: 96, SD upscale upscaler: Lanczos';
    const { recipe, notes } = parseInfotext(text);
    expect(recipe).toMatchObject({
      ...{ redraw: 'overlap', redrawOverlap: 96, redrawTileWidth: 640, redrawTileHeight: 512, redrawUpscaler: 'none' },
    });
    expect(notes.map(({ message }) => message).join()).toMatch(/2 is taken/);
    const again = parseInfotext(writeInfotext(recipe));
    expect(again.notes).toEqual([]);
    expect(again.recipe).toEqual(recipe);
    expect(writeInfotext(recipe)).toContain('SD upscale upscaler: Lanczos');
  });

  it('are of the picture as it is where SD upscale says None', () => {
    const text =
      'a\nSteps: 4, Sampler: Euler, Seed: 1, Size: 640x512, SD upscale overlap: 64, SD upscale upscaler: None';
    const { recipe, notes } = parseInfotext(text);
    expect(recipe).toMatchObject({ redrawScale: 1, redrawUpscaler: 'none', redrawTileWidth: 640 });
    expect(notes).toEqual([]);
    const own = writeInfotext(recipe);
    expect(own).toMatch(/SD upscale upscaler: None, .*SD upscale scale: 1/);
    expect(parseInfotext(own)).toMatchObject({ recipe, notes: [] });
    // None of ours told no scale of 2, beside the tile that A1111 does not tell
    const before = parseInfotext(`${text}, SD upscale tile_width: 512, SD upscale tile_height: 512`);
    expect(before.recipe.redrawScale).toBeUndefined();
    expect(before.recipe.redrawTileHeight).toBe(512);
    expect(before.notes).toEqual([]);
  });
});

describe('largestTile', () => {
  it('is a tile with its padding, whatever becomes of the picture, or a band as long as that', () => {
    const asked = withDefaults({ ...REQUEST, redraw: 'linear', redrawScale: 8 });
    expect(largestTile(asked)).toEqual({ width: 576, height: 576 });
    expect(largestTile({ ...asked, redraw: 'overlap' })).toEqual({ width: 512, height: 512 });
    expect(largestTile({ ...asked, seamFix: 'band_pass' })).toEqual({ width: 4096, height: 96 });
  });
});

describe('redrawProblems', () => {
  const one = { min: 128, max: 128, step: 32 };
  it('lets a model of one size paint tiles that have it, and says which do not', () => {
    const asked: GenerationRequest = { ...REQUEST, redraw: 'linear', redrawTileWidth: 96, redrawPadding: 8 };
    expect(redrawProblems(asked, one)).toEqual({});
    expect(redrawProblems({ ...asked, redrawPadding: 64 }, one)).toEqual({
      redrawTileWidth: 'With their padding tiles are painted at 192 × 192; this model paints 128 alone.',
    });
    expect(redrawProblems({ ...asked, seamFix: 'half_tile' }, one).seamFix).toMatch(/another size than tiles/);
    expect(redrawProblems({ ...asked, redraw: 'none' }, one)).toEqual({});
  });
});
