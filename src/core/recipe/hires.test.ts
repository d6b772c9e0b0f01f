import { describe, expect, it } from 'vitest';
import { isHonoured } from './has-effect';
import { requestProblems } from './problems';
import { parseInfotext, recipeOf, recipeSettings, writeInfotext } from './infotext';
import { findHiresUpscaler, HIRES_UPSCALERS, ownUpscalers } from './hires-upscalers';
import { readLink, writeLink } from './links';
import { ADVANCED_IDS, fieldOf, type GenerationRequest } from './request';

const request: GenerationRequest = {
  ...{ model: 'm', prompt: 'a cat', negativePrompt: 'b', sampler: 'euler', schedule: 'karras', noise: 'nv' },
  ...{ steps: 20, cfgScale: 7, seed: 5, width: 512, height: 768 },
};
const hires: Partial<GenerationRequest> = {
  hiresScale: 1.65,
  hiresUpscaler: 'latent_bicubic',
  hiresSteps: 10,
  hiresCfgScale: 5,
  hiresSampler: 'dpmpp_2m',
  hiresSchedule: 'exponential',
  hiresPrompt: 'a cat, of fur: "soft"\nand large',
  hiresNegativePrompt: 'blurred',
  denoisingStrength: 0.6,
};
const settingsOf = (text: string) => recipeSettings(parseInfotext(text).recipe);
const PARAMETERS = 'a\nSteps: 20, Sampler: Euler, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x768';

describe('hires. fix in texts', () => {
  it('is written as A1111 and Forge write it, and read back', () => {
    const text = writeInfotext(recipeOf({ ...request, ...hires }));
    expect(text).toContain('Denoising strength: 0.6');
    expect(text).toMatch(
      /Hires upscale: 1\.65, Hires steps: 10, Hires upscaler: Latent \(bicubic\), Hires sampler: DPM\+\+ 2M, Hires schedule type: Exponential, Hires prompt: "a cat, of fur: \\"soft\\"\\nand large", Hires negative prompt: blurred, Hires CFG Scale: 5/,
    );
    expect(settingsOf(text)).toMatchObject({ settings: hires, notes: [] });
    const linked = readLink(writeLink(recipeOf({ ...request, ...hires })));
    expect(recipeSettings(linked?.recipe ?? parseInfotext('').recipe).settings).toMatchObject(hires);
  });

  it('says that the picture stands for the first pass', () => {
    const text = writeInfotext(recipeOf({ ...request, ...hires, hiresAlone: true, initImage: 'ab'.repeat(32) }));
    expect(text).toContain('Second pass alone: True');
    expect(settingsOf(text).settings).toMatchObject({ ...hires, hiresAlone: true });
    expect(settingsOf(text.replace(', Second pass alone: True', '')).settings.hiresAlone).toBe(false);
  });

  it('says that the second pass alone lacks its picture', () => {
    const messages = (text: string) => settingsOf(text).notes.map(({ message }) => message);
    const text = writeInfotext(recipeOf({ ...request, ...hires, hiresAlone: true, initImage: 'ab'.repeat(32) }));
    expect(messages(text)).toEqual([]);
    const without = `${PARAMETERS}, Denoising strength: 0.5, Hires upscale: 2`;
    expect(messages(without)).toEqual([]);
    expect(messages(`${without}, Second pass alone: True`)).toEqual([expect.stringMatching(/start from that one/)]);
  });

  it('refuses the second pass alone beside a mask, in a sentence', () => {
    const masked = { ...request, ...hires, hiresAlone: true, initImage: 'ab', initMask: 'cd' };
    expect(requestProblems(masked)).toEqual({ hiresAlone: expect.stringMatching(/take the mask away/) as string });
    for (const changes of [{ initMask: undefined }, { initImage: undefined }, { hiresScale: 1 }, { hiresAlone: false }])
      expect(requestProblems({ ...masked, ...changes })).toEqual({});
  });

  it('is not there where it is off, whatever else is set', () => {
    const text = writeInfotext(recipeOf({ ...request, ...hires, hiresAlone: true, hiresScale: 1 }));
    expect(text).toBe(writeInfotext(recipeOf(request)));
    const { settings } = settingsOf(text);
    for (const id of ADVANCED_IDS.filter((one) => fieldOf(one).group === 'hires'))
      expect(settings[id], 'a recipe without turns it off').toBe(fieldOf(id).default);
  });

  it.each([
    ['Hires resize: 844x1266', { hiresScale: 1266 / 768 }],
    ['Hires resize: 1024x0', { hiresScale: 2 }],
    ['Hires upscale: 2, Hires upscaler: 4x-UltraSharp', { hiresUpscaler: '4x-UltraSharp' }],
    ['Hires upscale: 2, Hires upscaler: Latent (antialiased)', { hiresUpscaler: 'latent_antialiased' }],
    [
      'Hires upscale: 2, Hires sampler: Use same sampler, Hires schedule type: Use same scheduler',
      { hiresSampler: 'same' },
    ],
    ['Hires upscale: 2, Hires prompt: "a dog, large"', { hiresPrompt: 'a dog, large', hiresNegativePrompt: '' }],
    ['Hires upscale: 2, Hires checkpoint: other [0123456789]', { hiresCheckpoint: 'other [0123456789]' }],
    ['Hires upscale: 2, Hires prompt: a, Hires negative prompt: ""', { hiresPrompt: '', hiresNegativePrompt: '' }],
  ])('takes %s', (words, settings) => {
    expect(settingsOf(`${PARAMETERS}, Denoising strength: 0.5, ${words}`)).toMatchObject({
      settings: { ...settings, denoisingStrength: 0.5 },
      notes: [],
    });
  });

  it.each([
    ['foo.safetensors', 'Model: foo', 'same'],
    ['foo [0123456789]', 'Model: foo', 'same'],
    ['foo', 'Model hash: 0123456789, Model: foo', 'same'],
    ['renamed [0123456789]', `Model hash: ${'0123456789'.padEnd(64, 'a')}, Model: foo`, 'same'],
    ['renamed [0123456789]', 'Model hash: 01234567, Model: foo', 'same'],
    ['foo [0123456789]', 'Model hash: 0123456780, Model: foo', 'foo [0123456789]'],
    ['bar.safetensors', 'Model: foo', 'bar.safetensors'],
  ])('takes the checkpoint %s beside %s for %s', (checkpoint, model, hiresCheckpoint) => {
    const text = `${PARAMETERS}, ${model}, Denoising strength: 0.5, Hires upscale: 2, Hires checkpoint: ${checkpoint}`;
    expect(settingsOf(text).settings.hiresCheckpoint).toBe(hiresCheckpoint);
  });

  it.each([
    ['Hires resize: 1024x1024', 'another shape'],
    ['Hires upscale: 2, Hires sampler: Strange', 'sampler Strange is not here'],
    ['Hires upscale: 2, Hires schedule type: Strange', 'schedule type Strange is not here'],
  ])('says what of %s it cannot do', (words, sentence) => {
    const { notes } = settingsOf(`${PARAMETERS}, Denoising strength: 0.5, ${words}`);
    expect(notes.map(({ message }) => message)).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('a model of one size', () => {
  const size = { min: 128, max: 128, step: 32 };

  it('has no second pass, and says so', () => {
    const asked: GenerationRequest = { ...request, width: 128, height: 128, hiresScale: 2 };
    expect(requestProblems(asked, size)).toEqual({
      hiresScale: expect.stringMatching(/128 pixels a side and no more/) as string,
    });
    const { settings, notes } = recipeSettings(recipeOf(asked), size);
    expect(settings.hiresScale).toBe(1);
    expect(notes.map(({ message }) => message)).toEqual([expect.stringMatching(/128 pixels a side and no more/)]);
    expect(isHonoured('hiresScale', { sampler: 'euler', schedule: 'karras', hasHires: true, hasOneSize: true })).toBe(
      false,
    );
  });
});

describe('upscalers of the library', () => {
  it('are called by their name, in texts and links too', () => {
    const asked = { ...request, hiresScale: 2, hiresUpscaler: '4x, Sharp', enlarger: 'Other: 4x' };
    const text = writeInfotext(recipeOf(asked));
    expect(text).toContain('Hires upscaler: "4x, Sharp"');
    expect(text).toContain('Enlarged with: "Other: 4x"');
    expect(settingsOf(text).settings).toMatchObject({ hiresUpscaler: '4x, Sharp', enlarger: 'Other: 4x' });
    const linked = readLink(writeLink(recipeOf(asked)));
    expect(linked && recipeSettings(linked.recipe).settings).toMatchObject({ enlarger: 'Other: 4x' });
    expect(ownUpscalers(asked)).toEqual(['4x, Sharp', 'Other: 4x']);
    expect(ownUpscalers({ ...asked, hiresScale: 1, enlarger: 'none' })).toEqual([]);
    expect(ownUpscalers({ hiresScale: 2, enlarger: 'realesr-animevideov3-x4' })).toEqual([]);
    expect(requestProblems({ ...asked, enlarger: '' })).toHaveProperty('enlarger');
  });
});

describe('a picture enlarged by what comes with the app', () => {
  const asked = { ...request, hiresScale: 1, enlarger: 'realesr-animevideov3-x4' };
  const KEYS = 'Postprocess upscale by: 4, Postprocess upscaler: R-ESRGAN AnimeVideo';

  it('is told in the words of A1111, and found again in texts and links', () => {
    const text = writeInfotext(recipeOf(asked));
    expect(text).toContain(KEYS);
    expect(text).not.toContain('Enlarged with');
    expect(settingsOf(text).settings).toMatchObject({ enlarger: asked.enlarger });
    const linked = readLink(writeLink(recipeOf(asked)));
    expect(linked && recipeSettings(linked.recipe).settings).toMatchObject({ enlarger: asked.enlarger });
    expect(linked?.recipe.unknown).toBeUndefined();
  });

  it('is found as older texts have it', () => {
    const text = writeInfotext(recipeOf(asked)).replace(KEYS, 'Enlarged with: R-ESRGAN AnimeVideo');
    expect(settingsOf(text).settings).toMatchObject({ enlarger: asked.enlarger });
  });

  it('is not what A1111 did by another factor or network, which is kept as it stands', () => {
    for (const [by, upscaler] of [
      ['2', 'R-ESRGAN AnimeVideo'],
      ['4', 'R-ESRGAN 4x+'],
    ]) {
      const text = `a\nSteps: 3, Seed: 1, Postprocess upscale by: ${by}, Postprocess upscaler: ${upscaler}`;
      const { recipe } = parseInfotext(text);
      expect(recipe.enlarger).toBeUndefined();
      expect(recipe.unknown).toEqual({ 'Postprocess upscale by': by, 'Postprocess upscaler': upscaler });
    }
  });
});

describe('findHiresUpscaler', () => {
  it.each(Object.entries(HIRES_UPSCALERS))('knows %s by id and word', (id, { label }) => {
    expect([findHiresUpscaler(id), findHiresUpscaler(label.toUpperCase())]).toEqual([id, id]);
  });
});
