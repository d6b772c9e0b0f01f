/** What looks like labels, objects or settings of a part, and is none of the recipe's. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { parseInfotext } from '../../recipe/infotext';

const read = (text: string) => readTextRecipe(text);
const messages = (text: string) =>
  read(text)
    .notes.map(({ message }) => message)
    .join('\n');
const PAIRS = 'Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x512';

describe('texts that A1111 reads', () => {
  it.each([
    `sign says {prompt: "a", steps: 3}\nNegative prompt: x\n${PAIRS}`,
    `a cat {steps: 3, prompt: "x", seed: 4}, b\nNegative prompt: y\n${PAIRS}`,
    `const x = {prompt: "a", steps: 3}\n${PAIRS}`,
    `a cat\n${PAIRS}, Hashes: {model: "a", prompt: "b", steps: 3}`,
    `a retro desktop icon labelled cat.jpg\nglowing\nNegative prompt: dog\n${PAIRS}`,
    `<a prompt="x" steps="3" seed="4">\n${PAIRS}, Foo: <x>`,
    `a poster, w: 20, h: 30 cm\nNegative prompt: mist\n${PAIRS}`,
  ])('stay as they are: %j', (text) => expect(read(text).recipe).toEqual(parseInfotext(text).recipe));

  it.each([
    ['DPM++ 2M/simple', 'karras'],
    ['Euler (simple)', 'karras'],
    ['dpmpp_2m | normal', 'karras'],
  ])('have what "Schedule type" says beside %s', (name, schedule) => {
    const text = `x\nSteps: 20, Sampler: ${name}, Schedule type: Karras, CFG scale: 7, Seed: 5`;
    expect(read(text).recipe.schedule).toBe(schedule);
  });

  it('name two samplers', () => {
    expect(messages('x\nSteps: 20, Sampler: Euler/DDIM, CFG scale: 7')).toContain('not known here');
  });

  it('have no words of people for values', () => {
    const text = 'a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Model:\nPosted by me';
    expect(read(text).recipe.model).toBeUndefined();
    expect(messages(text)).toContain('Posted by me');
  });

  it.each(['Model: sdxl', 'Loras: a, Model: sdxl'])('keep what a program says below a prompt: %s', (pairs) => {
    expect(read(`a cat\nfoo: 1, bar: 2, ${pairs}`).recipe).toMatchObject({ prompt: 'a cat', model: 'sdxl' });
  });
});

describe('words of prompts', () => {
  it.each([
    'it says {prompt: "x", seed: 3}',
    'Title - a cat\nSize - huge\nModel - tall woman\nSeed - of a tree',
    '(Model) tall\n(Size) huge\n(Seed) apple\na cat',
    'Model - a tall woman\nSize - 12 feet\nSteps - stone',
    'Prompt: a cat, [Seed], x\nProcess - 3\nSize - small cat\nModel - nice\nSeed - poppy',
    'Prompt: a cat\n- red\n- blue\nSteps - 20\nSeed - 4\nNegative - dog',
    'Size 10 x 20\nModel T\nSeed 7\na car advert',
    'a cat in a hat\nModel wears hat\nSeed 77\nSteps 20',
    'portrait\nSeed 100\nSize 10 x 20\nModel T',
    'Map scale: 5 Width: 100 Height: 200 of a town',
    'A man climbs. Steps: 300 Scale: 10 Height: 200 meters',
    'Prompt: a knight says "neg: no" on stairs',
  ])('are kept: %j', (text) => {
    const { recipe } = parseInfotext(text);
    const plain = recipe.prompt === '' ? { prompt: text, negativePrompt: '' } : recipe;
    expect(read(text).recipe).toEqual(plain);
  });

  it.each([
    ['prompt: a ship model: detailed, steps: 20, seed: 5, cfg: 7', 'a ship model: detailed'],
    ['Prompt: a knight says "neg: no" Steps: 3 Seed: 4 CFG: 7', 'a knight says "neg: no"'],
    ['Prompt: a fashion model: tall Steps: 20 Seed: 5 CFG: 7 Size: 512x512', 'a fashion model: tall'],
  ])('are no labels in %j', (text, prompt) => {
    expect(read(text).recipe.prompt.replace(/,$/, '')).toBe(prompt);
    expect(read(text).recipe).toMatchObject({ negativePrompt: '', seed: expect.any(Number) as number });
  });

  it('are none of thanks', () => {
    const text = 'Steps: 20, Seed: 5, CFG: 7\nThanks for looking!\nNegative prompt: mist';
    expect(read(text).recipe.prompt).toBe('');
    expect(messages(text)).toContain('Thanks for looking!');
    const first = 'Steps: 18, CFG: 7, Seed: 4\n\nMy first try!\n\na bridge\nNegative prompt: mist';
    expect(read(first).recipe.prompt).toBe('a bridge');
    expect(messages(first)).toContain('My first try!');
  });

  it('end before a full stop, and numbers have a comma', () => {
    const text = 'Prompt: a cat. Neg: dog. Steps: 20. Seed: 5. CFG: 6,5. Sampler: Euler a. Size: 512x512.';
    expect(read(text).recipe).toMatchObject({
      steps: 20,
      seed: 5,
      cfgScale: 6.5,
      sampler: 'euler_ancestral',
      width: 512,
    });
  });
});

describe('settings of parts', () => {
  const BASE = { prompt: 'a cat', steps: 20, seed: 5, cfg_scale: 7 };
  it.each([
    { refine_params: { steps: 9 } },
    { adetailer_settings: { model: 'face_yolo8n.pt', denoising_strength: 0.4, negative_prompt: 'bad face' } },
    { llm_config: { model: 'gpt-4' } },
    { caption_config: { model: 'blip' } },
    { training_config: { steps: 5000, model: 'x' } },
    { scheduler_config: { steps: 1000 } },
    { prior_settings: { steps: 25, cfg_scale: 4 } },
    { thumbnail_config: { width: 64, height: 64 } },
    { safety_config: { negative_prompt: 'nude' } },
    { sampling_params: { steps: 30, sampler_name: 'Euler' } },
    { txt2img_settings: { prompt: 'other', negative_prompt: 'z' } },
    { negative_settings: { prompt: 'dog' } },
    { w: 0.5, h: 0.7, x: 0.1, y: 0.2 },
  ])('are named and left out: %j', (part) => {
    expect(read(JSON.stringify({ ...BASE, ...part })).recipe).toEqual(read(JSON.stringify(BASE)).recipe);
    expect(messages(JSON.stringify({ ...BASE, ...part }))).toContain(Object.keys(part)[0]);
  });

  it('are of a picture that one starts from', () => {
    const images = [{ url: 'ref.png', width: 64, height: 64 }];
    expect(read(JSON.stringify({ ...BASE, images, mode: 'img2img' })).recipe.width).toBeUndefined();
    expect(read(JSON.stringify({ ...BASE, images, width: 512 })).recipe.height).toBeUndefined();
  });

  it('have a comma between thousands', () => {
    expect(read('{"prompt":"x","cfg_scale":"1,000","seed":3}').recipe.cfgScale).toBeUndefined();
  });
});

describe('several recipes', () => {
  it.each([
    '<r><prompt>a</prompt><steps>3</steps><seed>4</seed><prompt>b</prompt><steps>9</steps></r>',
    'img = pipe(prompt="a", num_inference_steps=3, seed=4)\nimg2 = pipe(prompt="b", num_inference_steps=9, guidance_scale=3, seed=6)',
  ])('are told, and the first is taken: %s', (text) => {
    expect(read(text).recipe).toEqual({ prompt: 'a', negativePrompt: '', steps: 3, seed: 4 });
    expect(messages(text)).toContain('several prompts');
  });

  it('are not mixed', () => {
    const text =
      '<rs><r><steps>3</steps><seed>4</seed></r><r><prompt>b</prompt><steps>9</steps><seed>7</seed></r></rs>';
    expect(read(text).recipe).toEqual({ prompt: 'b', negativePrompt: '', steps: 9, seed: 7 });
  });
});
