/** What recipes say of a mask: in A1111's words, and back. */
import { describe, expect, it } from 'vitest';
import { diffRecipe, parseInfotext, recipeOf, recipeSettings, writeInfotext } from './infotext';
import { isHonoured } from './has-effect';
import { ADVANCED_IDS, fieldOf, type GenerationRequest } from './request';

const [PICTURE, MASK] = ['ab'.repeat(32), 'cd'.repeat(32)];
const REQUEST: GenerationRequest = {
  ...{
    model: 'starter',
    prompt: 'a red apple',
    negativePrompt: '',
    sampler: 'dpmpp_2m',
    schedule: 'karras',
    noise: 'nv',
  },
  ...{ steps: 8, cfgScale: 4, seed: 7, width: 64, height: 64, initImage: PICTURE, initMask: MASK },
};
const textOf = (changes: Partial<GenerationRequest>): string => writeInfotext(recipeOf({ ...REQUEST, ...changes }));
const START = 'a cat\nSteps: 20, Sampler: Euler, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x512';
const readOf = (pairs: string) => parseInfotext(`${START}, Denoising strength: 0.75, ${pairs}, Version: v1.10.1`);

describe('the text of a masked picture', () => {
  it('says the mask, the way, and the blur; of the rest what is not A1111’s default', () => {
    expect(textOf({})).toContain(
      `Denoising strength: 0.75, Init image: ${PICTURE}, Init mask: ${MASK}, RNG: NV, Masking: Differential, Mask blur: 4`,
    );
    expect(textOf({ maskMode: 'a1111', maskBlur: 0 })).toMatch(/RNG: NV, Masking: A1111$/);
    const all = { invertMask: true, maskedContent: 'latent_noise', inpaintArea: 'masked', maskBlur: 8 } as const;
    expect(textOf({ ...all, maskedPadding: 32 })).toContain(
      'Mask mode: Inpaint not masked, Mask blur: 8, Inpaint area: Only masked, Masked area padding: 32, Masked content: latent noise',
    );
  });

  it.each<Partial<GenerationRequest>>([
    {},
    { maskBlur: 0, maskMode: 'a1111' },
    { maskMode: 'comfyui', maskedContent: 'fill', invertMask: true, conditioningMaskStrength: 0.5 },
    { inpaintArea: 'masked', maskedPadding: 64, maskedContent: 'latent_nothing', maskMode: 'diffusers' },
    { maskMode: 'soft', maskBlur: 32, softScheduleBias: 1.2, softContrastBoost: 8, softMaskInfluence: 0.3 },
  ])('comes back as it was asked for: %o', (changes) => {
    const { recipe, notes } = parseInfotext(textOf(changes));
    expect(notes).toEqual([]);
    expect(recipe).toMatchObject({ initImage: PICTURE, initMask: MASK });
    expect(diffRecipe({ ...REQUEST, ...changes }, recipe).changes).toEqual([]);
  });

  it('says nothing of a mask without a picture, or of its settings without a mask', () => {
    expect(textOf({ initImage: undefined, maskBlur: 8 })).not.toMatch(/[Mm]ask/);
    expect(textOf({ initMask: undefined, maskBlur: 8, maskMode: 'a1111' })).not.toMatch(/[Mm]ask/);
  });
});

describe('a text of A1111', () => {
  it('means its own way, and says that the mask is not here', () => {
    const pairs = 'Mask blur: 4, Inpaint area: Only masked, Masked area padding: 32, Masked content: fill';
    const { settings, notes } = recipeSettings(readOf(pairs).recipe);
    expect(settings).toMatchObject({
      ...{ maskMode: 'a1111', maskBlur: 4, inpaintArea: 'masked', maskedPadding: 32, maskedContent: 'fill' },
      ...{ invertMask: false, denoisingStrength: 0.75 },
    });
    expect(notes.map(({ message }) => message)).toEqual([
      'It was made from another picture, which the recipe does not hold: this starts from noise.',
      'It was made with a mask, which the recipe does not hold: paint one, or all of it is repainted.',
    ]);
  });

  it('is of soft inpainting where it says so, whose numbers are A1111’s where it does not say them', () => {
    const { recipe } = readOf(
      'Mask blur: 4, Soft inpainting enabled: True, Soft inpainting preservation strength: 0.35',
    );
    expect(recipeSettings(recipe).settings).toMatchObject({
      ...{ maskMode: 'soft', softPreservation: 0.35, softScheduleBias: 1, softContrastBoost: 4 },
      ...{ softMaskInfluence: 0, softDifferenceThreshold: 0.5, softDifferenceContrast: 2 },
    });
    const off = readOf('Mask blur: 4, Soft inpainting enabled: False').recipe;
    expect(recipeSettings(off).settings.maskMode).toBe('a1111');
    // Pictures of ours that carried the extension's key along, unread.
    const ours = readOf('Masking: Differential, Mask blur: 4, Soft inpainting enabled: True').recipe;
    expect(recipeSettings(ours).settings.maskMode).toBe('differential');
  });

  it('says its six numbers with soft inpainting, and none of them without', () => {
    const text = textOf({ maskMode: 'soft', softDifferenceContrast: 3 });
    expect(text).toContain(
      'Soft inpainting enabled: True, Soft inpainting schedule bias: 1, Soft inpainting preservation strength: 0.5, Soft inpainting transition contrast boost: 4, Soft inpainting mask influence: 0, Soft inpainting difference threshold: 0.5, Soft inpainting difference contrast: 3',
    );
    expect(text).not.toContain('Masking');
    expect(recipeSettings(parseInfotext(text).recipe).settings).toMatchObject({
      maskMode: 'soft',
      softDifferenceContrast: 3,
    });
    const other = textOf({ softDifferenceContrast: 3 });
    expect(other).toContain('Masking: Differential');
    expect(other).not.toContain('Soft');
  });

  it('means no blur where it says none', () => {
    expect(recipeSettings(readOf('Mask mode: Inpaint not masked').recipe).settings).toMatchObject({
      ...{ maskMode: 'a1111', maskBlur: 0, invertMask: true },
    });
  });

  it('leaves the mask’s settings alone where there was none, also with an inpainting model', () => {
    const { settings } = recipeSettings(readOf('Conditional mask weight: 1').recipe);
    expect(Object.keys(settings).filter((id) => id.startsWith('mask'))).toEqual([]);
  });

  it.each([
    'Conditional mask weight: 0.5, RNG: NV, Mask mode: Inpaint not masked, Mask blur: 12',
    'RNG: NV, Mask blur: 4, Inpaint area: Only masked, Masked area padding: 0, Masked content: latent nothing',
    'Soft inpainting enabled: True, Soft inpainting schedule bias: 1, Soft inpainting preservation strength: 0.5, Soft inpainting transition contrast boost: 4, Soft inpainting mask influence: 0, Soft inpainting difference threshold: 0.5, Soft inpainting difference contrast: 2, Mask blur: 32',
  ])('comes out as it went in: %s', (pairs) => {
    const text = `${START}, Denoising strength: 0.75, ${pairs}, Version: v1.10.1`;
    expect(writeInfotext(parseInfotext(text).recipe)).toBe(text);
  });
});

describe('isHonoured', () => {
  it('is for the mask’s settings only where a picture has one', () => {
    const ids = ADVANCED_IDS.filter((id) => fieldOf(id).group === 'mask');
    expect(ids).toHaveLength(13);
    const choice = { sampler: 'euler', schedule: 'karras', hasMask: true } as const;
    for (const id of ids) {
      expect(isHonoured(id, { ...choice, hasPicture: true })).toBe(true);
      expect(isHonoured(id, choice)).toBe(false);
      expect(isHonoured(id, { ...choice, hasPicture: true, hasMask: false })).toBe(false);
    }
  });
});
