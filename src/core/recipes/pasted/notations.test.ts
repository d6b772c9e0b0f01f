/** Settings in notations that are no JSON and no infotext. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { SAID } from '../../recipe/infotext/testing/said';

const ROWS = {
  Prompt: 'a stone bridge',
  'Negative prompt': 'mist',
  Steps: '18',
  Sampler: 'DPM++ 2M Karras',
  'CFG scale': '5.5',
  Seed: '77',
  Size: '576x704',
};
const PAIRS = Object.entries(ROWS);
const column = PAIRS.map(([key, value]) => `| **${key}** | ${value} |`).join('\n');
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const HTML = `<table>${PAIRS.map(([key, value]) => `<tr><td>${key}</td><td>${value}</td></tr>`).join('')}</table>`;
const BOLD = PAIRS.map(([key, value], i) => (i < 2 ? `**${key}:** ${value}\n` : `**${key}:** \`${value}\` `)).join('');
const CALL = `pipe.scheduler = DPMSolverMultistepScheduler.from_config(pipe.scheduler.config, use_karras_sigmas=True)
image = pipe(prompt="a stone bridge", negative_prompt='mist', num_inference_steps=18, guidance_scale=5.5, width=576,
  height=704, generator=torch.Generator("cuda").manual_seed(77)).images[0]`;

describe('readTextRecipe', () => {
  it.each<[string, string, string[]?]>([
    ['a table of Markdown', `| Name | Value |\n|---|---|\n${column}`],
    ['a row of Markdown', `${row(Object.keys(ROWS))}\n|${'---|'.repeat(7)}\n${row(Object.values(ROWS))}`],
    ['a table of HTML', HTML],
    ['bold labels with code', BOLD],
    [
      'a row of CSV',
      'prompt,negative_prompt,steps,sampler,cfg_scale,seed,width,height\n"a stone bridge",mist,18,DPM++ 2M Karras,5.5,77,576,704',
    ],
    [
      'a query',
      'https://example.org/txt2img?prompt=a+stone%20bridge&negative_prompt=mist&steps=18&sampler=DPM%2B%2B%202M%20Karras&cfg_scale=5.5&seed=77&width=576&height=704',
    ],
    ['a call of Python', CALL, ['sampler', 'schedule']],
    [
      'YAML with blocks',
      'prompt: |\n  a stone bridge\nnegative_prompt: >-\n  mist\nsteps: 18\nsampler: "DPM++ 2M Karras" # fine\ncfg: 5.5\nseed: 77\nwidth: 576\nheight: 704',
    ],
    [
      'YAML of a trainer',
      'sample:\n  sampler: "DPM++ 2M Karras"\n  width: 576\n  height: 704\n  prompts:\n    - "a stone bridge"\n    - "a river"\n  neg: "mist"\n  seed: 77\n  guidance_scale: 5.5\n  sample_steps: 18',
    ],
    [
      'TOML',
      'prompt = "a stone bridge"\nnegative_prompt = "mist"\nsteps = 18\nsampler = "DPM++ 2M Karras"\ncfg_scale = 5.5\nseed = 77\nwidth = 576\nheight = 704',
    ],
    [
      'the fields of SD Prompt Reader',
      'Positive\na stone bridge\nNegative\nmist\nSetting\nSteps: 18, Sampler: DPM++ 2M Karras, CFG scale: 5.5, Seed: 77, Size: 576x704',
    ],
    [
      'a sample of kohya’s trainer',
      'a stone bridge --n mist --w 576 --h 704 --d 77 --l 5.5 --s 18',
      ['sampler', 'schedule'],
    ],
    [
      'Additional Networks',
      'a stone bridge\nNegative prompt: mist\nSteps: 18, Sampler: DPM++ 2M Karras, CFG scale: 5.5, Seed: 77, Size: 576x704, AddNet Enabled: True, AddNet Module 1: LoRA, AddNet Model 1: ink(aabbccddeeff), AddNet Weight A 1: 0.8, AddNet Weight B 1: 0.7',
    ],
    [
      'a request to Hugging Face',
      JSON.stringify({
        inputs: 'a stone bridge',
        parameters: { negative_prompt: 'mist', num_inference_steps: 18, guidance_scale: 5.5, seed: 77 },
      }),
      ['sampler', 'schedule', 'width', 'height'],
    ],
  ])('reads %s', (name, text, unsaid = []) => {
    const wanted = Object.fromEntries(Object.entries(SAID).filter(([key]) => !unsaid.includes(key)));
    const { recipe } = readTextRecipe(text);
    expect(recipe).toMatchObject(wanted);
    if (name === 'Additional Networks') expect(recipe.loras).toEqual([{ name: 'ink', unet: 0.8, text: 0.7 }]);
  });

  it('reads a call whose prompt has no name, and prompts as A1111 reads them from a file', () => {
    const call = `image = pipe(\n    "a stone bridge",\n    negative_prompt="mist",\n    num_inference_steps=18,\n    guidance_scale=5.5,\n    width=576,\n    height=704,\n    generator=torch.Generator("cuda").manual_seed(77),\n).images[0]`;
    expect(readTextRecipe(call).recipe).toEqual({
      prompt: 'a stone bridge',
      negativePrompt: 'mist',
      steps: 18,
      cfgScale: 5.5,
      width: 576,
      height: 704,
      seed: 77,
    });
    const line = `--prompt "a stone bridge" --negative_prompt "mist" --steps 18 --cfg_scale 5.5 --sampler_name "DPM++ 2M Karras" --seed 77 --width 576 --height 704 --subseed 3 --subseed_strength 0.25`;
    expect(readTextRecipe(line).recipe).toMatchObject({ ...SAID, variationSeed: 3, variationStrength: 0.25 });
  });

  it.each([
    'image = pipe("a cat", 3)',
    'a prompt (for a cat) = "nice"',
    'prompts: a cat\n- a dog',
    'a cat | a dog | a prompt',
    'prompt, steps, seed\n',
    'f(prompt="x")',
    'a bridge --w 20 --n',
  ])('leaves %j to the others', (text) => {
    expect(readTextRecipe(text).form).not.toBe('json');
  });

  it('takes the files of a request’s LoRAs by their addresses’ ends', () => {
    const fal = { prompt: 'a', num_inference_steps: 4, image_size: { width: 64, height: 96 }, loras: [LORA] };
    expect(readTextRecipe(JSON.stringify(fal)).recipe).toMatchObject({
      width: 64,
      height: 96,
      loras: [{ name: 'ink', unet: 0.8, text: 0.8 }],
    });
  });
});

const LORA = { path: 'https://example.org/ink.safetensors', scale: 0.8 };
