/** A request as a graph, and the graph read as a recipe: the same, but for what is said not to be. */
import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../../recipe/request';
import { SAMPLERS, type SamplerId } from '../../samplers';
import { SCHEDULES, type ScheduleId } from '../../schedules';
import { readComfyJson } from '../read-comfy-recipe';
import { compilePrompt, toPrompt, toWorkflow, validatePrompt } from '../workflows';
import { comfySampler, comfyScheduler } from './names';
import { promptOfRequest } from '.';

const COMFY: GenerationRequest = {
  ...{ model: 'orchard', prompt: 'a pear', negativePrompt: 'mist', sampler: 'euler', schedule: 'normal' },
  ...{ noise: 'comfyui', steps: 12, cfgScale: 6, seed: 77, width: 512, height: 640 },
  ...{ dialect: 'comfyui', conventions: 'comfyui' },
};
const GUIDED = {
  ...{ freeu: 'v2', freeuB1: 1.3, freeuB2: 1.4, freeuS1: 0.9, freeuS2: 0.2 },
  ...{ cfgRescale: 0.5, pagScale: 3, sagScale: 0.5, sagBlur: 1.5 },
} as const satisfies Partial<GenerationRequest>;
const AROUND = {
  ...{ dynthres: 'levels', dynthresMimicScale: 4, dynthresPercentile: 0.99, dynthresMimicMode: 'cosine_up' },
  ...{ dynthresMimicMin: 1, dynthresCfgMode: 'sawtooth', dynthresCfgMin: 2, dynthresValue: 3, dynthresSeparate: false },
  ...{ dynthresStart: 'zero', dynthresMeasure: 'std', dynthresPhi: 0.75, pagScale: 2, mahiro: true, epsScaling: 1.01 },
} as const satisfies Partial<GenerationRequest>;
const TILED = { width: 2048, tiledMethod: 'mixture', tileWidth: 64, tileHeight: 96, tileOverlap: 20 } as const;
const SHRUNK = {
  ...{ shrinkBlock: 4, shrinkFactor: 1.5, shrinkStart: 0.1, shrinkEnd: 0.5 },
  ...{ shrinkKeepsSmall: true, shrinkDown: 'area', shrinkUp: 'nearest-exact' },
} as const satisfies Partial<GenerationRequest>;
const HASH = 'ab'.repeat(32);
const write = (more: Partial<GenerationRequest> = {}) => promptOfRequest({ ...COMFY, ...more }, { model: 'orchard' });
const readBack = (more: Partial<GenerationRequest> = {}) => readComfyJson({ prompt: write(more).prompt });
const classes = (more: Partial<GenerationRequest>) =>
  Object.values(write(more).prompt).map(({ class_type }) => class_type);
const said = (more: Partial<GenerationRequest>) => write(more).notes.map(({ message }) => message);

describe('promptOfRequest', () => {
  it('is ComfyUI’s first graph', () => {
    const { prompt, notes } = write();
    expect(notes).toEqual([]);
    expect(prompt).toEqual({
      '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'orchard.safetensors' } },
      '2': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 640, batch_size: 1 } },
      '3': { class_type: 'CLIPTextEncode', inputs: { text: 'a pear', clip: ['1', 1] }, _meta: { title: 'Prompt' } },
      '4': {
        class_type: 'CLIPTextEncode',
        inputs: { text: 'mist', clip: ['1', 1] },
        _meta: { title: 'Negative prompt' },
      },
      '5': {
        class_type: 'KSampler',
        inputs: {
          ...{ model: ['1', 0], positive: ['3', 0], negative: ['4', 0], latent_image: ['2', 0] },
          ...{ seed: 77, steps: 12, cfg: 6, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
        },
      },
      '6': { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['1', 2] } },
      '7': { class_type: 'SaveImage', inputs: { images: ['6', 0], filename_prefix: 'Gesso' } },
    });
  });

  const control = [{ model: 'lines', image: HASH, weight: 0.7, start: 0.1, end: 0.9 }];
  it.each<[string, Partial<GenerationRequest>]>([
    ['words', {}],
    ['a seed of 64 bits', { seed: '18446744073709551615' }],
    ['tiles', TILED],
    ['LoRAs', { dialect: 'a1111', prompt: 'a pear <lora:ink:0.8> <lora:night:0.5:0.2>' }],
    ['clip skip and an own autoencoder', { clipSkip: 2, vae: 'clear' }],
    ['a picture', { initImage: HASH, denoisingStrength: 0.6 }],
    ['a mask', { initImage: HASH, initMask: HASH, maskMode: 'comfyui' }],
    ['hires by a latent', { hiresScale: 2, hiresUpscaler: 'latent_bicubic', denoisingStrength: 0.5, hiresSteps: 8 }],
    ['hires by a network', { hiresScale: 1.5, hiresUpscaler: 'r_esrgan_animevideo', hiresPrompt: 'two pears' }],
    ['hires by another checkpoint', { hiresScale: 2, hiresUpscaler: 'latent_bicubic', hiresCheckpoint: 'second [0123456789]' }], // prettier-ignore
    ['control', { control }],
    ['what changes its guidance', GUIDED],
    ['what is put around it', AROUND],
    ['what makes its maps smaller', SHRUNK],
  ])('is right by ComfyUI’s rules, and the same when it has been a workflow: %s', (_, more) => {
    const { prompt } = write(more);
    expect(validatePrompt(prompt).problems).toEqual([]);
    expect(toPrompt(toWorkflow(prompt))).toEqual(prompt);
  });

  it('is read back as the recipe that it was', () => {
    const recipe = { prompt: 'a pear', negativePrompt: 'mist', model: 'orchard', sampler: 'euler', schedule: 'normal' };
    const all = { ...recipe, noise: 'comfyui', steps: 12, cfgScale: 6, seed: 77, width: 512, height: 640 };
    expect(readBack()?.recipe).toEqual({ ...all, dialect: 'comfyui', conventions: 'comfyui' });
    expect(readBack()?.notes).toEqual([]);
    expect(readBack(GUIDED)).toMatchObject({ recipe: GUIDED, notes: [] });
    expect(said(GUIDED)).toEqual([]);
    expect(readBack(TILED)).toMatchObject({ recipe: TILED, notes: [] });
    expect(said(TILED)).toEqual([]);
    expect(readBack(SHRUNK)).toMatchObject({ recipe: SHRUNK, notes: [] });
    expect(said(SHRUNK)).toEqual([]);
    expect(readBack({ ...GUIDED, freeu: 'v1' })?.recipe.freeu).toBe('v1');
    expect(readBack(AROUND)).toMatchObject({ recipe: AROUND, notes: [] });
    expect(said(AROUND)).toEqual([]);
    expect(said({ ...AROUND, dynthres: 'steps' })).toEqual([
      'Its scales change with the noise in ComfyUI, which is not quite by steps.',
    ]);
    expect(readBack({ clipSkip: 2, vae: 'clear' })?.recipe).toMatchObject({ clipSkip: 2, vae: 'clear' });
    expect(readBack({ initImage: HASH, denoisingStrength: 0.6 })?.recipe.denoisingStrength).toBe(0.6);
    expect(readBack({ seed: '18446744073709551615' })?.recipe).toBeDefined();
    const hires = { hiresScale: 2, hiresUpscaler: 'latent_bicubic', denoisingStrength: 0.5, hiresSteps: 8 } as const;
    expect(readBack(hires)?.recipe).toMatchObject({
      denoisingStrength: 0.5,
      hires: { upscale: 2, upscaler: 'Latent (bicubic)', steps: 8 },
    });
    const other = readBack({ ...hires, hiresCheckpoint: 'second [0123456789]' })?.recipe.hires;
    expect(other).toMatchObject({ upscale: 2, checkpoint: 'second' });
    const loras = readBack({ dialect: 'a1111', prompt: 'a pear <lora:ink:0.8> <lora:night:0.5:0.2>' })?.recipe.loras;
    expect(loras).toEqual([
      { name: 'ink', unet: 0.8, text: 0.8 },
      { name: 'night', unet: 0.2, text: 0.5 },
    ]);
  });

  it('is read back as the recipe that it was, whatever its numbers and whatever goes together', () => {
    let state = 19;
    const draw = (count: number): number => (state = (state * 48_271) % 2_147_483_647) % count;
    const samplers = (Object.keys(SAMPLERS) as SamplerId[]).filter((id) => comfySampler(id) !== undefined);
    const maybe = <T extends object>(part: T): Partial<T> => (draw(3) === 0 ? part : {});
    let compared = 0;
    for (let i = 0; i < 300; i++) {
      const recipe: Partial<GenerationRequest> = {
        ...{
          steps: 1 + draw(60),
          cfgScale: 1 + draw(200) / 10,
          seed: draw(2 ** 31),
          sampler: samplers[draw(samplers.length)],
        },
        ...{ width: 64 * (1 + draw(24)), height: 64 * (1 + draw(24)), prompt: `pear ${draw(99)}` },
        ...maybe(draw(2) === 0 ? GUIDED : AROUND),
        ...maybe(SHRUNK),
        ...maybe({ clipSkip: 2, vae: 'clear' }),
      };
      if (said(recipe).length > 0) continue;
      compared++;
      expect(readBack(recipe)?.recipe).toMatchObject(recipe);
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('hands over to a refiner where nothing is remembered from step to step, and reads it back', () => {
    const refiner = { refinerCheckpoint: 'other', refinerSwitchAt: 0.75, refinerBySteps: true };
    expect(said(refiner)).toEqual([]);
    expect(classes(refiner).filter((type) => type.startsWith('KSampler'))).toEqual([
      'KSamplerAdvanced',
      'KSamplerAdvanced',
    ]);
    expect(readBack(refiner)?.recipe.refiner).toMatchObject({ checkpoint: 'other', switchAt: 0.75, bySteps: true });
    expect(said({ ...refiner, hiresScale: 2, refinerPasses: 'both' }).join(' ')).toMatch(/not of a part of one/);
  });

  it('gives a refiner of another family neither LoRAs nor units', () => {
    const asked: Partial<GenerationRequest> = {
      ...{ dialect: 'a1111', prompt: 'a pear <lora:ink:0.7>', control },
      ...{ refinerCheckpoint: 'other', refinerSwitchAt: 0.5, refinerBySteps: true },
    };
    const of = (isOtherFamily: boolean, more: Partial<GenerationRequest> = {}) => {
      const names = { model: 'orchard', refiner: { isOtherFamily } };
      const { prompt } = promptOfRequest({ ...COMFY, ...asked, ...more }, names);
      expect(validatePrompt(prompt).problems).toEqual([]);
      return prompt;
    };
    const sourcesOf = (prompt: ReturnType<typeof of>) =>
      Object.values(prompt).flatMap(({ class_type: type, inputs }) =>
        type.startsWith('KSampler')
          ? [['model', 'positive', 'negative'].map((id) => prompt[(inputs[id] as [string])[0]]?.class_type)]
          : [],
      );
    const full = ['LoraLoader', 'ControlNetApplyAdvanced', 'ControlNetApplyAdvanced'];
    const bare = ['CheckpointLoaderSimple', 'CLIPTextEncode', 'CLIPTextEncode'];
    expect(sourcesOf(of(false))).toEqual([full, full]);
    expect(sourcesOf(of(true))).toEqual([full, bare]);
    expect(sourcesOf(of(false, { refinerSwitchAt: 0 }))).toEqual([full]);
    expect(sourcesOf(of(true, { refinerSwitchAt: 0 }))).toEqual([bare]);
  });

  it('has one sampler, with noise, where a refiner paints all of it or nothing', () => {
    const refiner = { refinerCheckpoint: 'other [0123456789]', refinerBySteps: true };
    const samplersOf = (refinerSwitchAt: number) => classes({ ...refiner, refinerSwitchAt }).filter((type) => /Sampler|Loader/.test(type)); // prettier-ignore
    for (const at of [0, 0.99, 1]) expect(samplersOf(at), `${at}`).toEqual(['CheckpointLoaderSimple', 'KSampler']);
    const all = { ...refiner, refinerSwitchAt: 0 };
    expect(write(all).prompt['1']?.inputs).toEqual({ ckpt_name: 'other.safetensors' });
    expect(readBack(all)?.recipe.model).toBe('other');
    expect(said(all)).toEqual([
      'The refiner other [0123456789] paints from the first step on: it is the graph’s checkpoint.',
    ]);
    for (const refinerSwitchAt of [0.99, 1]) {
      expect(write({ ...refiner, refinerSwitchAt }).prompt).toEqual(write().prompt);
      expect(said({ ...refiner, refinerSwitchAt })).toEqual([]);
    }
    expect(classes({ ...refiner, refinerSwitchAt: 11 / 12 })).toContain('KSamplerAdvanced');
  });

  it.each<[Partial<GenerationRequest>, number[], string | undefined]>([
    [{ redrawScale: 4 }, [4], undefined],
    [{ redrawScale: 6 }, [1.5, 4], 'The node enlarges by 4 at most: Lanczos by 1.5 comes first.'],
    [{ redrawScale: 16 }, [4, 4], 'The node enlarges by 4 at most: Lanczos by 4 comes first.'],
    [{ redrawScale: 1, redrawUpscaler: 'none' }, [1], undefined],
    [{ redrawScale: 6, redrawUpscaler: 'none' }, [6], undefined],
    [{ redrawScale: 12, redrawUpscaler: 'none' }, [8, 1.5], undefined],
  ])('enlarges before tiles as much as is asked for: %o', (more, scales, sentence) => {
    const asked: Partial<GenerationRequest> = { initImage: HASH, redraw: 'linear', denoisingStrength: 0.3, ...more };
    const { prompt } = write(asked);
    expect(validatePrompt(prompt).problems).toEqual([]);
    const steps = Object.values(prompt).flatMap(({ inputs }) => inputs['scale_by'] ?? inputs['upscale_by'] ?? []);
    expect(steps).toEqual(scales);
    expect(said(asked).slice(1)).toEqual(sentence === undefined ? [] : [sentence]);
    const size = { width: 96, height: 64 };
    const { workflow, problems } = compilePrompt(prompt, validatePrompt(prompt).outputs, {
      find: (_, name) => name,
      sizeOf: () => size,
    });
    expect(problems).toEqual([]);
    const whole = more.redrawScale ?? 1;
    const laid = workflow?.nodes.filter(({ operation }) => operation === 'lay_tile') ?? [];
    const ends = laid.map(({ settings }) => [Number(settings['right']), Number(settings['bottom'])]);
    expect(Math.max(...ends.map(([right = 0]) => right))).toBeGreaterThanOrEqual(size.width * whole - 8);
    expect(Math.max(...ends.map(([, bottom = 0]) => bottom))).toBeGreaterThanOrEqual(size.height * whole - 8);
  });

  it('enlarges a picture tile by tile by the nodes of Ultimate SD Upscale', () => {
    const tiles = {
      initImage: HASH,
      redraw: 'chess',
      redrawTileWidth: 640,
      seamFix: 'half_tile',
      denoisingStrength: 0.3,
    } as const;
    const found = Object.values(write(tiles).prompt).find(({ class_type: type }) => type === 'UltimateSDUpscale');
    expect(found?.inputs).toMatchObject({ mode_type: 'Chess', tile_width: 640, tile_height: 640, denoise: 0.3 });
    expect(found?.inputs).toMatchObject({
      upscale_by: 2,
      seam_fix_mode: 'Half Tile',
      seam_fix_denoise: 0.35,
      seed: 77,
    });
    expect(classes(tiles)).not.toContain('KSampler');
    expect(validatePrompt(write(tiles).prompt).problems).toEqual([]);
    expect(said(tiles)).toEqual([expect.stringMatching(/^Another picture, much alike: tiles are cut/)]);
    const alone = { ...tiles, redraw: 'seams', redrawUpscaler: 'none', redrawScale: 0 } as const;
    expect(classes(alone)).toEqual(expect.arrayContaining(['ImageScale', 'UltimateSDUpscaleNoUpscale']));
    expect(validatePrompt(write(alone).prompt).problems).toEqual([]);
    expect(said({ ...tiles, redraw: 'overlap' }).join(' ')).toContain('SD upscale');
  });

  it('says nothing of a refiner for the first pass where the second is alone', () => {
    const asked = {
      initImage: HASH,
      hiresScale: 2,
      hiresAlone: true,
      denoisingStrength: 0.4,
      refinerCheckpoint: 'other',
    };
    expect(said({ ...asked, refinerPasses: 'first' })).toEqual([]);
    expect(said({ ...asked, refinerPasses: 'both' })).toHaveLength(1);
  });

  it('has no first sampler where the picture stands for the first pass', () => {
    const second = { initImage: HASH, hiresScale: 2, hiresAlone: true, denoisingStrength: 0.4 };
    const unpainted = { ...second, denoisingStrength: 0 };
    for (const hiresUpscaler of ['latent', 'r_esrgan_animevideo'])
      for (const one of [second, unpainted])
        expect(classes({ ...one, hiresUpscaler }).filter((type) => /KSampler|VAE/.test(type))).toEqual([
          'VAEEncode',
          'KSampler',
          'VAEDecode',
        ]);
  });

  it('says of a refiner that it is left out, once, and nothing of one that has nothing to paint', () => {
    const refiner = {
      refinerCheckpoint: 'other',
      refinerSwitchAt: 0.6,
      refinerBySteps: true,
      sampler: 'dpmpp_2m',
    } as const;
    expect(said(refiner)).toEqual([
      'The refiner other is not carried over: a second KSampler (Advanced) would not go on as DPM++ 2M does within one run.',
    ]);
    expect(said({ ...refiner, refinerCheckpoint: 'none' })).toEqual([]);
  });

  it.each(Object.keys(SAMPLERS) as SamplerId[])('says the sampler %s, or that ComfyUI has none such', (sampler) => {
    const has = comfySampler(sampler) !== undefined;
    const more = { sampler, schedule: 'normal' } as const;
    expect(said(more)).toEqual(has ? [] : [`ComfyUI has no ${SAMPLERS[sampler].label}: euler takes its place.`]);
    expect(readBack(more)?.recipe.sampler).toBe(has ? sampler : 'euler');
  });

  it.each((Object.keys(SCHEDULES) as ScheduleId[]).filter((id) => id !== 'automatic'))(
    'says the schedule %s, or that ComfyUI has none such',
    (schedule) => {
      const has = comfyScheduler(schedule) !== undefined;
      expect(said({ schedule })).toHaveLength(has ? 0 : 1);
      expect(readBack({ schedule })?.recipe.schedule).toBe(has ? schedule : 'normal');
    },
  );

  it('names what is not carried over', () => {
    expect(
      said({ dialect: 'a1111', conventions: 'a1111', noise: 'nv', prompt: '[a:b:0.5] (c:1.2) <lora:x:1:lbw=OUT>' }),
    ).toEqual([
      '<lora:x:1:lbw=OUT> is not carried over as it is.',
      '[from:to:when] is only text in ComfyUI.',
      'ComfyUI weighs words in another way than A1111: (word:1.2) is stronger or weaker.',
      'The noise is ComfyUI’s: another picture of the same words.',
      'Steps are ComfyUI’s, which are a little other than A1111’s.',
    ]);
    expect(said({ variationStrength: 0.2, eta: 0.5 })).toEqual([
      'Variation strength (0.2) is not carried over.',
      'Eta (0.5) is not carried over.',
    ]);
    expect(said({ control: [{ model: 'lines', image: HASH, module: 'canny', mode: 'control' }] })).toEqual([
      'The hint is not made by canny in the graph: the picture is the hint.',
      '“ControlNet is more important” is not carried over.',
    ]);
    expect(said({ initImage: HASH, initMask: HASH, invertMask: true, maskBlur: 9 })).toEqual([
      'What is masked is painted as ComfyUI does it.',
      'The mask is not inverted: what is white is painted.',
      'Mask blur (9) is not carried over.',
    ]);
  });

  it('gives a second pass the LoRAs of its own prompt, and the size that it is painted in', () => {
    const own = { hiresPrompt: 'two pears <lora:night:0.5>', hiresScale: 1.35, hiresUpscaler: 'r_esrgan_animevideo' };
    const { prompt } = write({ dialect: 'a1111', prompt: 'a pear <lora:ink:0.8>', width: 520, height: 520, ...own });
    const nodes = Object.values(prompt);
    const inputsOf = (type: string) => nodes.filter((one) => one.class_type === type).map(({ inputs }) => inputs);
    expect(inputsOf('LoraLoader').map(({ lora_name: name, model }) => [name, model])).toEqual([
      ['ink.safetensors', ['1', 0]],
      ['night.safetensors', ['1', 0]],
    ]);
    expect(inputsOf('CLIPTextEncode').map(({ text }) => text)).toEqual(['a pear', 'mist', 'two pears', 'mist']);
    expect(inputsOf('ImageScale')).toMatchObject([{ width: 696, height: 696 }]);
  });

  it('reads the first pass again with a second checkpoint of other latents, whose own autoencoder develops it', () => {
    const asked = { hiresScale: 2, hiresUpscaler: 'latent_bicubic', hiresCheckpoint: 'large', vae: 'clear' };
    const of = (second: { hasOtherLatents: boolean; isOtherFamily?: boolean }) =>
      promptOfRequest({ ...COMFY, dialect: 'a1111', prompt: 'a pear <lora:ink:1>', ...asked } as GenerationRequest, {
        model: 'orchard',
        second,
      }).prompt;
    const typed = (prompt: ReturnType<typeof of>, type: string) =>
      Object.values(prompt).filter(({ class_type }) => class_type === type);
    const other = of({ hasOtherLatents: true, isOtherFamily: true });
    const [large] = Object.entries(other).flatMap(([id, { inputs }]) => (inputs['ckpt_name'] === 'large.safetensors' ? [id] : [])); // prettier-ignore
    expect(typed(other, 'VAEEncode').map(({ inputs }) => inputs['vae'])).toEqual([[large, 2]]);
    const [loader] = Object.entries(other).flatMap(([id, { class_type }]) => (class_type === 'VAELoader' ? [id] : []));
    expect(typed(other, 'VAEDecode').map(({ inputs }) => inputs['vae'])).toEqual([
      [loader, 0],
      [large, 2],
    ]);
    expect(typed(other, 'LoraLoader')).toHaveLength(1);
    const alike = of({ hasOtherLatents: false });
    expect(typed(alike, 'VAEEncode')).toEqual([]);
    expect(typed(alike, 'VAEDecode').map(({ inputs }) => inputs['vae'])).toEqual([[loader, 0]]);
    expect(typed(alike, 'LoraLoader')).toHaveLength(2);
  });

  it('has the nodes of hires by a network', () => {
    expect(classes({ hiresScale: 1.5, hiresUpscaler: 'r_esrgan_animevideo' }).slice(5)).toEqual([
      ...['UpscaleModelLoader', 'VAEDecode', 'ImageUpscaleWithModel', 'ImageScale', 'VAEEncode'],
      ...['CLIPTextEncode', 'CLIPTextEncode', 'KSampler', 'VAEDecode', 'SaveImage'],
    ]);
  });
});
