/** Tables of logs, pages with lists of files, lines of command: as they are copied. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { SAID } from '../../recipe/infotext/testing/said';

const LINE = 'Steps: 18, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 77, Size: 576x704';
const read = (text: string) => readTextRecipe(text);
const said = (more: string) => read(`a stone bridge\nNegative prompt: mist\n${LINE}, ${more}`);
const notes = (text: string) =>
  read(text)
    .notes.map(({ message }) => message)
    .join('\n');

describe('a text that was copied', () => {
  it.each<[string, string, object?]>([
    [
      'from Fooocus’ log',
      "Prompt\ta stone bridge\nNegative Prompt\tmist\nStyles\t['Fooocus V2']\nPerformance\tSpeed\nSteps\t18\nResolution\t(576, 704)\nGuidance Scale\t5.5\nSampler\tdpmpp_2m\nScheduler\tkarras\nSeed\t77\nLoRA 1\tmoss : 0.1\nVersion\tFooocus v2.5.5",
      { loras: [{ name: 'moss', unet: 0.1, text: 0.1 }] },
    ],
    [
      'from Fooocus’ log, on one line',
      "Prompt: a stone bridge, Negative Prompt: mist, Styles: ['Fooocus V2', 'SAI Anime'], Performance: Speed, Steps: 18, Resolution: (576, 704), Guidance Scale: 5.5, ADM Guidance: (1.5, 0.8, 0.3), Refiner Model: None, Refiner Switch: 0.5, Sampler: dpmpp_2m, Scheduler: karras, Seed: 77, Version: Fooocus v2.5.5",
      { refiner: undefined },
    ],
    [
      'from Easy Diffusion, with an empty key',
      'a stone bridge\nWidth: 576\nHeight: 704\nSeed: 77\nSteps: 18\nGuidance Scale: 5.5\nSampler: DPM++ 2M Karras\nNegative Prompt: mist\nVAE model: \nHypernetwork model: None\nClip Skip: True',
      { clipSkip: 2, vae: undefined },
    ],
    [
      'from a page of Civitai, with its files',
      'PROMPT\na stone bridge\nNEGATIVE PROMPT\nmist\nResources used\nOrchard\nCheckpoint\nv3\nInk\nLoRA\nv1\n0.8\nOther metadata\nCFGSCALE: 5.5\nSTEPS: 18\nSAMPLER: DPM++ 2M Karras\nSEED: 77\nSize: 576x704',
      { model: 'Orchard' },
    ],
    ['from NMKD', 'a stone bridge [mist] -s 18 -S 77 -W 576 -H 704 -C 5.5 -A k_dpmpp_2m', { schedule: undefined }],
  ])('%s', (_, text, more = {}) => {
    const wanted = { ...SAID, ...more };
    expect({ schedule: undefined, refiner: undefined, vae: undefined, ...read(text).recipe }).toMatchObject(wanted);
  });

  it('names the files that are not carried over', () => {
    const page =
      'Prompt\na cat\nResources used\nInk\nLORA\nv1\n0.8\nOther metadata\nSteps: 18\nSeed: 7\nSampler: Euler';
    expect(notes(page)).toMatch("Civitai's LoRA Ink (v1) with weight 0.8 is not carried over.");
  });

  it.each(['a cat -s on a mat -S', 'a -s 1 -S 2 and -W 3 more words', 'a cat -n 1 -s 2'])('%j is a prompt', (text) => {
    expect(read(text).recipe.prompt).toBe(text);
  });

  it('says that Midjourney’s weights are words here', () => {
    expect(notes('a bridge::2 river::1 --v 7 --sd')).toMatch(/"::"/);
    expect(read('a bridge::2 river::1 --v 7 --sd').recipe.prompt).toBe('a bridge::2 river::1');
  });
});

describe('keys and names of today', () => {
  const NAMED = (sampler: string, rest = '') =>
    read(`a\nSteps: 8, Sampler: ${sampler}${rest}, CFG scale: 5, Seed: 7, Size: 64x64`).recipe;

  it('are those of the plugin of Krita, which names its preset first', () => {
    expect(NAMED('Quality - Euler a')).toMatchObject({ sampler: 'euler_ancestral', noise: 'comfyui' });
    expect(NAMED('Default - DPM++ 2M')).toMatchObject({ sampler: 'dpmpp_2m', dialect: 'comfyui' });
    expect(notes('a\nSteps: 8, Sampler: Fast - Foo, CFG scale: 5, Seed: 7')).toMatch(/"Fast - Foo" is not known/);
  });

  it('are schedules of savers and of RES4LYF', () => {
    expect(NAMED('euler', ', Scheduler: ays_sdxl').schedule).toBe('align_your_steps');
    expect(NAMED('Euler', ', Schedule type: Beta57')).toMatchObject({
      schedule: 'beta',
      betaAlpha: 0.5,
      betaBeta: 0.7,
    });
  });

  it('are LoRAs as JSON and in brackets', () => {
    expect(said('LoRA: {"1632":0.7}').recipe.loras).toEqual([{ name: '1632', unet: 0.7, text: 0.7 }]);
    expect(said('LoRA 1: ink.safetensors (0.8)').recipe.loras).toEqual([{ name: 'ink', unet: 0.8, text: 0.8 }]);
  });

  it('of Forge Neo are read or named', () => {
    const { recipe, notes: own } = said('Shift: 3, Rescale CFG: 0.7, Epsilon Scaling: 1.01');
    expect(recipe).toMatchObject({ cfgRescale: 0.7, epsScaling: 1.01 });
    expect(own.map(({ message }) => message).join()).toMatch(/\(Shift\)\.$/);
    const { recipe: forge, notes: none } = said('MaHiRo: True, eps_scaling_factor: 1.005');
    expect(forge).toMatchObject({ mahiro: true, epsScaling: 1.005 });
    expect([none, said('mahiro_cfg_enabled: True').recipe.mahiro]).toEqual([[], true]);
  });
});
