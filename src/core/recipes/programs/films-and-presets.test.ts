/** Settings of films, presets, and keys that some programs write otherwise. */
import { describe, expect, it } from 'vitest';
import { notesOf, read } from '../testing/program-json';

const FILM = {
  W: 576,
  H: 704,
  seed: 77,
  sampler: 'DPM++ 2M Karras',
  steps: 18,
  prompts: { 30: 'a mill', 0: 'a stone bridge --neg mist' },
  animation_prompts_positive: '',
  animation_prompts_negative: 'blurry',
  animation_mode: '2D',
  max_frames: 60,
  strength: 0.8,
  cfg_scale_schedule: '0: (5.5), 30: (3)',
  sd_model_name: 'orchard.safetensors',
  enable_clipskip_scheduling: false,
  clipskip_schedule: '0: (2)',
};

const PRESET = {
  default_model: 'orchard.safetensors',
  default_refiner: 'None',
  default_refiner_switch: 0.5,
  default_loras: [
    [true, 'ink.safetensors', 0.5],
    [true, 'None', 1],
    [false, 'off.safetensors', 1],
  ],
  default_cfg_scale: 5.5,
  default_sample_sharpness: 2,
  default_sampler: 'dpmpp_2m',
  default_scheduler: 'karras',
  default_performance: 'Speed',
  default_prompt: '',
  default_prompt_negative: 'mist',
  default_styles: ['Fooocus V2'],
  default_aspect_ratio: '576*704',
};

describe('Deforum', () => {
  it('gives the first picture of its film', () => {
    expect(read(JSON.stringify(FILM)).recipe).toMatchObject({
      ...{
        prompt: 'a stone bridge',
        negativePrompt: 'mist blurry',
        steps: 18,
        sampler: 'dpmpp_2m',
        schedule: 'karras',
      },
      ...{ cfgScale: 5.5, seed: 77, width: 576, height: 704, model: 'orchard' },
    });
    expect(read(JSON.stringify(FILM)).recipe.clipSkip).toBeUndefined();
    expect(notesOf(JSON.stringify(FILM))).toContain('a film (Deforum)');
  });
});

describe('a preset of Fooocus', () => {
  it('has settings without a prompt', () => {
    const { recipe } = read(JSON.stringify(PRESET));
    expect(recipe).toMatchObject({ negativePrompt: 'mist', sampler: 'dpmpp_2m', schedule: 'karras', steps: 30 });
    expect(recipe).toMatchObject({ cfgScale: 5.5, width: 576, height: 704, model: 'orchard' });
    expect(recipe.loras).toEqual([{ name: 'ink', unet: 0.5, text: 0.5 }]);
    expect(notesOf(JSON.stringify(PRESET))).toContain('Fooocus V2');
  });
});

describe('keys of other programs', () => {
  it('text_prompts may be one text', () => {
    const json = { text_prompts: 'a stone bridge', negative_prompts: 'mist', steps: 18, seed: 77, cfg_scale: 5.5 };
    expect(read(JSON.stringify(json)).recipe).toMatchObject({
      prompt: 'a stone bridge',
      negativePrompt: 'mist',
      steps: 18,
    });
  });

  it('karras is a switch beside the sampler', () => {
    const json = { prompt: 'a stone bridge', sampler: 'k_dpmpp_2m', karras: true, steps: 18, seed: '77' };
    expect(read(JSON.stringify(json)).recipe).toMatchObject({ sampler: 'dpmpp_2m', schedule: 'karras' });
    expect(read(JSON.stringify({ ...json, karras: false })).recipe.schedule).not.toBe('karras');
  });
});
