import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';

const SEVERAL = 'There are several prompts in this text: the first is taken.';
const messages = (text: string) => readTextRecipe(text).notes.map(({ message }) => message);

describe('readYaml', () => {
  it.each([
    ['Prompt: "a cat"\nNegative: "bad"\nSteps: 20, Sampler: Euler a, CFG scale: 7\nSeed: 5'],
    ['Prompt: "a cat"\nNegative: "bad"\nseed: 5, steps: 20, cfg: 7'],
  ])('leaves lines with several pairs to others: %j', (text) => {
    expect(readTextRecipe(text)).toMatchObject({ recipe: { steps: 20, cfgScale: 7, seed: 5 }, notes: [] });
  });

  it('leaves a value that goes on below it to others', () => {
    const text = 'Prompt: portrait of\n  - a woman\n  - red hair\nModel: X\nSteps: 20\nSeed: 4';
    expect(readTextRecipe(text).recipe).toMatchObject({
      prompt: 'portrait of\n- a woman\n- red hair',
      model: 'X',
      steps: 20,
      seed: 4,
    });
  });

  it('reads keys in quotes, as TOML has those with spaces', () => {
    const text = `[fooocus]\nPrompt = "a cat"\n"Negative Prompt" = "bad"\nResolution = "(576, 704)"\n"Guidance Scale" = "5.5"\nSampler = "dpmpp_2m_sde_gpu"\nScheduler = "karras"\nSeed = "77"`;
    expect(readTextRecipe(text).recipe).toMatchObject({
      prompt: 'a cat',
      negativePrompt: 'bad',
      width: 576,
      height: 704,
      cfgScale: 5.5,
      sampler: 'dpmpp_2m_sde',
      schedule: 'karras',
      seed: 77,
    });
  });

  it('reads quotes over lines, and what is escaped in them', () => {
    const over = 'prompt: "a cat,\n  in a hat"\nnegative_prompt: "bad"\nsteps: 20\nseed: 3';
    expect(readTextRecipe(over).recipe).toEqual({
      prompt: 'a cat, in a hat',
      negativePrompt: 'bad',
      steps: 20,
      seed: 3,
    });
    const escaped = `prompt: "a \\"big\\" cat \\\\(pet\\\\)" # mine\nnegative_prompt: 'it''s'\nsteps: 20\nseed: 3`;
    expect(readTextRecipe(escaped).recipe).toMatchObject({
      prompt: 'a "big" cat \\(pet\\)',
      negativePrompt: "it's",
    });
  });

  it('goes on over empty lines as messengers send them', () => {
    const { recipe } = readTextRecipe('seed: 5\n\u200b\nprompt: "a cat"\n# mine\n\ncfg: 7');
    expect(recipe).toEqual({ prompt: 'a cat', negativePrompt: '', seed: 5, cfgScale: 7 });
  });

  it('takes no text whose quote is never closed', () => {
    expect(readTextRecipe('prompt: "a cat,\nnegative_prompt: "bad"\nsteps: 20\nseed: 3').form).toBe('infotext');
  });

  it.each([
    ['a list', 'prompts:\n  - a cat\n  - a dog\nseed: 4\ncfg: 7'],
    ['a list on one line', 'prompts: ["a cat", "a dog"]\nsampler: "euler"\nseed: 4\ncfg: 7'],
    ['a list of recipes', 'samples:\n  - prompt: "a cat"\n    seed: 4\n  - prompt: "a dog"\n    seed: 5\ncfg: 7'],
    ['prompts that stand last', 'samples:\n  - seed: 4\n    prompt: "a cat"\n  - seed: 5\n    prompt: "a dog"\ncfg: 7'],
  ])('takes the first of %s, and says so', (_, text) => {
    expect(readTextRecipe(text).recipe).toMatchObject({ prompt: 'a cat', seed: 4, cfgScale: 7 });
    expect(messages(text)).toContain(SEVERAL);
  });

  it('says nothing of several where there is one', () => {
    expect(messages('prompts:\n  - a cat\nsteps: 20\nseed: 4')).toEqual([]);
    const bullets = '- steps: 20\n- seed: 5\n- prompt: "a cat"\n- negative_prompt: "x"\n- cfg: 7';
    expect(readTextRecipe(bullets)).toMatchObject({
      recipe: { prompt: 'a cat', negativePrompt: 'x', steps: 20, seed: 5, cfgScale: 7 },
      notes: [],
    });
  });

  it.each([
    'prompt: a woman\n - with red hair\n - smiling\nsize: large\nmodel: fashion model\nstyle: photo',
    'scene: forest\nprompt: "deer"\nmodel: "a fashion model"\nsize: "huge"',
  ])('leaves words without a number of a setting to be a prompt: %j', (text) => {
    expect(readTextRecipe(text)).toEqual({
      recipe: { prompt: text.replace(/^ /gm, ''), negativePrompt: '' },
      notes: [],
      form: 'infotext',
    });
  });
});
