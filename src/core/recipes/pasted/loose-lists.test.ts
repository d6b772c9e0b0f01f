/** Settings as people say them, and labels that are marked otherwise than by a colon. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { SAID } from '../../recipe/infotext/testing/said';
import { looseLists } from './loose-lists';
import { plainLabels, withoutFlags } from './odd-labels';

const LOOSE = '18 steps, DPM++ 2M Karras, CFG 5.5, seed 77, 576x704';
const LABELLED = 'Prompt: a stone bridge\nNegative: mist';
const PAIRS = 'Steps: 18\nSampler: DPM++ 2M Karras\nCFG: 5.5\nSeed: 77\nSize: 576x704';
const LINES = `${LABELLED}\n${PAIRS}`;
const spoken = (text: string) => readTextRecipe(text);
const messages = (text: string) =>
  spoken(text)
    .notes.map(({ message }) => message)
    .join('\n');

describe('settings without names', () => {
  it.each([
    ['below labels', `${LABELLED}\n\n${LOOSE}`],
    ['behind a heading', `${LABELLED}\nMy settings: ${LOOSE}`],
    ['in brackets', `${LABELLED}\n\n(${LOOSE})`],
    ['between bars and signs', `🎨 a stone bridge\n❌ mist\n⚙️ ${LOOSE.replaceAll(', ', ' | ')}`],
    ['between dots', `PROMPT\na stone bridge\n\nNEGATIVE PROMPT\nmist\n\nSETTINGS\n${LOOSE.replaceAll(', ', ' · ')}`],
    ['in a sentence', `I ran 18 steps with DPM++ 2M Karras at CFG 5.5 and seed 77, 576x704.\n${LABELLED}`],
    [
      'first, and quotes around the prompts',
      `Same seed (77), ${LOOSE.replace('seed 77, ', '')}\n"a stone bridge"\nneg: "mist"`,
    ],
    ['in another order', `${LABELLED}\nseed 77, 576 × 704 px, cfg scale 5.5, sampler DPM++ 2M Karras, steps 18`],
  ])('are read %s', (_, text) => expect(spoken(text).recipe).toMatchObject(SAID));

  it('have the second pass behind them', () => {
    const text = `${LABELLED}\n${LOOSE}, then hires fix x2 w/ 4x-UltraSharp (denoise 0.35)`;
    expect(spoken(text).recipe).toMatchObject({
      ...SAID,
      denoisingStrength: 0.35,
      hires: { upscale: 2, upscaler: '4x-UltraSharp' },
    });
  });

  it('say what is not read', () => {
    expect(messages(`${LABELLED}\n${LOOSE}, on my old card`)).toContain('my old card');
  });

  it.each([
    [`a cat, ${LOOSE}`, 'a cat'],
    [`${LOOSE}\na cat on a wall`, 'a cat on a wall'],
    [`a red fox on a wall in snow, ${LOOSE}`, 'a red fox on a wall in snow'],
    [`black and white - salt / pepper, ${LOOSE}`, 'black and white - salt / pepper'],
    [`1girl, ${LOOSE}, at night`, '1girl, at night'],
    [`${LOOSE}, a cat`, 'a cat'],
    [`a cat, ${LOOSE}, hi-res scan of a poster`, 'a cat, hi-res scan of a poster'],
    [`# Title\n\n${LOOSE}\n\nPrompt: a cat\nNegative prompt: dog`, 'a cat'],
    [`# Title\n\n${LOOSE}\n\n### Prompt\na cat\n### Negative prompt\ndog`, 'a cat'],
    [`${LOOSE}\n\nPrompt:\nsalt / pepper`, 'salt / pepper'],
    [`${LOOSE}\na cat\nNegative prompt: dog`, 'a cat'],
  ])('of %j leave the prompt', (text, prompt) => {
    expect(spoken(text).recipe).toMatchObject({ prompt, steps: 18, seed: 77 });
  });

  it.each([
    'A photo of 12 steps leading to a house, seed packets, 512x512 poster, in the style of Euler',
    'How do I get rid of the text? I use Euler a with 25 steps.',
    '3 steps, 2 cats, a seed',
    'red fox portrait 30 steps, CFG 7, seed 5',
    'a wide staircase of 12 steps, guidance 5, size 512x512',
    `a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, pag_end_step: 0.6`,
  ])('are none in %j', (text) => expect(looseLists(text)).toBe(text));
});

describe('labels', () => {
  it.each([
    ['arrows', LINES.replaceAll(': ', ' ➜ ')],
    ['two colons', LINES.replaceAll(': ', ':: ')],
    ['brackets', LINES.replace(/^(\w+): /gm, '[$1] ')],
    ['code', LINES.replace(/^(\w+): (.*)$/gm, '**$1** `$2`')],
    [
      'several before one colon',
      LINES.replace('Steps: 18\n', '').replace('CFG: 5.5\n', '').replace('Sampler: ', 'Steps/CFG/Sampler: 18 / 5.5 / '),
    ],
    ['sides', LINES.replace('Size: 576x704', '8. W/H: 576/704')],
    [
      'marks of YAML',
      LINES.replace('a stone', '|\n    a stone')
        .replace('mist', '|-\n    mist')
        .replace(/^(?=\w)/gm, '- '),
    ],
    ['flags', `a stone bridge --neg mist --steps 18 --sampler "DPM++ 2M Karras" --cfg 5.5 --seed=77 --size 576x704`],
    [
      'assignments',
      'steps=18, cfg=5.5, sampler="DPM++ 2M Karras"\nseed=77, size=576x704\nprompt="a stone bridge"; negative=\'mist\'',
    ],
    [
      'a quote below words',
      `Here is the prompt:\n\n${`a stone bridge\nNegative prompt: mist\n${PAIRS.replaceAll('\n', ', ')}`.replace(/^/gm, '> ')}\n\nNice.`,
    ],
  ])('with %s are read', (_, text) => expect(spoken(text).recipe).toMatchObject(SAID));

  it("are those of A1111's form", () => {
    const text = `${LINES}\nHires. fix\nUpscaler: R-ESRGAN 4x+\nHires steps: 9\nDenoising strength: 0.4\nUpscale by: 1.5`;
    expect(spoken(text).recipe).toMatchObject({
      ...SAID,
      denoisingStrength: 0.4,
      hires: { upscaler: 'R-ESRGAN 4x+', steps: 9, upscale: 1.5 },
    });
  });

  it('with arrows are also of the second pass', () => {
    const text = `${LINES.replaceAll(': ', ' → ')}\nHires → 2x, R-ESRGAN 4x+, 10 steps`;
    expect(spoken(text).recipe).toMatchObject({ ...SAID, hires: { upscale: 2, upscaler: 'R-ESRGAN 4x+', steps: 10 } });
  });

  it.each([
    ['❌ a red cross on a wall', '❌ a red cross on a wall', ''],
    ['a cat\n❌ dogs', 'a cat\n❌ dogs', ''],
    ['masterpiece, a cat\n> Negative prompt: dog\n>', 'masterpiece, a cat', 'dog'],
    ['masterpiece, hires, 1girl', 'masterpiece, hires, 1girl', ''],
  ])('of A1111 are left as they are: %j', (words, prompt, negativePrompt) => {
    const { recipe } = spoken(
      `${words}${words.endsWith('>') ? ' ' : '\n'}${PAIRS.replaceAll('\n', ', ')}, Upscaler: ESRGAN_4x`,
    );
    expect(recipe).toMatchObject({ prompt, negativePrompt, steps: 18, seed: 77 });
    expect(recipe.hires).toBeUndefined();
  });

  it('has bars in names', () => {
    const text = 'a cat\nSteps: 20 | Sampler: Euler a | Model: foo|steps 2000 | Seed 5';
    expect(spoken(text).recipe).toMatchObject({ steps: 20, model: 'foo|steps 2000', seed: 5 });
  });

  it.each([
    'steps → leading up',
    'W/H: 3/4 portrait',
    'prompt: |',
    '[cat] dog\n[steps] of stone',
    'a->b',
    'cat::1.5 dog::2',
    'Tom/Jerry: a cat / a mouse',
    '**bold** `code`',
  ])('are none in %j', (text) => expect(plainLabels(text)).toBe(text));
  it.each([
    'a cat --steps 20 --seed 5 --cfg 7 and a dog',
    'cat --size large --seed sunflower --model T',
    'a cat --steps 20 --cfg 7 --seed 1\n\na fox --steps 30 --cfg 8 --seed 2',
    'a cat --steps',
    'a cat --foo 1 --bar 2 --baz 3',
    'a -- b -- c',
    'a cat --steps 5 --seed 6 --ar 2:3',
  ])('are no flags in %j', (text) => expect(withoutFlags(text)).toBe(text));
});
