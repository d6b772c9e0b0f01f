import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { parseInfotext } from '../../recipe/infotext';
import { SAID } from '../../recipe/infotext/testing/said';
import { hiresWords } from './hires-words';
import { firstOfSeveral } from './several-recipes';

const PAIRS = ['Steps: 18', 'Sampler: DPM++ 2M Karras', 'CFG scale: 5.5', 'Seed: 77', 'Size: 576x704'];
const OTHERS = ['Steps: 40', 'Sampler: Euler', 'CFG scale: 9', 'Seed: 5', 'Size: 512x512'];
const first = (between: string) => ['Prompt: a stone bridge', 'Negative prompt: mist', PAIRS.join(between)].join('\n');
const second = (between: string) => ['Prompt: a red fox', 'Negative prompt: text', OTHERS.join(between)].join('\n');
const unlabelled = `a stone bridge\nNegative prompt: mist\n${PAIRS.join('\n')}`;

describe('of several recipes', () => {
  it.each([
    ['lines', `${first('\n')}\n\n${second('\n')}`],
    ['words between', `Two of mine:\n\n${first('\n')}\n\nAnd here:\n\n${second('\n')}`],
    ['bars', `${first(' | ')}\n\n${second(' | ')}`],
    ['rules', `${first('\n')}\n\n---\n\n${second('\n')}`],
    ['headings', `## One\n${first('\n')}\n\n## Two\n${second('\n')}`],
    ['no labels of the second prompt', `${unlabelled}\n\na red fox\nNegative prompt: text\n${OTHERS.join('\n')}`],
    [
      'settings first',
      `${PAIRS.join('\n')}\nPrompt: a stone bridge\nNegative prompt: mist\n\n${OTHERS.join('\n')}\nPrompt: a red fox`,
    ],
    ['arrows', `${first('\n')}\n\n${second('\n')}`.replaceAll(': ', ' → ')],
    ['two colons', `${first('\n')}\n\n${second('\n')}`.replaceAll(': ', ':: ')],
    ['brackets', `${first('\n')}\n\n${second('\n')}`.replace(/^([\w ]+): /gm, '[$1] ')],
    [
      'settings without names',
      'Prompt: a stone bridge\nNegative: mist\n18 steps, DPM++ 2M Karras, CFG 5.5, seed 77, 576x704\n\nPrompt: a fox\nNegative: text\n30 steps, DDIM, CFG 8, seed 2',
    ],
    ['what has no number last', `${first('\n')}\nClip skip: 2\nVAE: x.pt\n\n${second('\n')}`],
    ['numbers', `1) a stone bridge\nNegative prompt: mist\n${PAIRS.join(', ')}\n\n2) a fox\n${OTHERS.join(', ')}`],
    ['numbered headings', `Picture 1\n${unlabelled}\n\nPicture 2\na red fox\n${OTHERS.join('\n')}`],
  ])('the first is read, and told: %s', (_, text) => {
    const { recipe, notes } = readTextRecipe(text);
    expect(recipe).toMatchObject(SAID);
    expect(notes.map(({ message }) => message).join('\n')).toMatch(/There are (2|several) recipes in this text/);
  });

  it('counts them', () => {
    expect(firstOfSeveral([first('\n'), second('\n'), first('\n')].join('\n\n')).count).toBe(3);
  });

  it.each([
    ['the second pass says its steps', `${first('\n')}\n\nHires:\nSteps: 9\nDenoising strength: 0.4`],
    ['the second pass has its prompt', `${first('\n')}\n\nPrompt: the same, sharp`],
    ['the second pass is called so', `a cat\n${PAIRS.join('\n')}\n\nHires pass\nSteps: 10\nCFG: 5`],
    ['the numbers are the same again', `${first('\n')}\n\n${PAIRS.join('\n')}`],
    ['the prompt looks like settings', `Prompt: a bridge\nSize: 3 heads\n${PAIRS.join('\n')}`],
  ])('are none where %s', (_, text) => expect(firstOfSeveral(text)).toEqual({ text, count: 1 }));

  it('are none where A1111 reads the text', () => {
    const text = `a\nSteps: 5\nSeed: 6\na fox\nSteps: 7\nSeed: 8\nNegative prompt: mist\n${PAIRS.join(', ')}`;
    expect(readTextRecipe(text).recipe.prompt).toBe(parseInfotext(text).recipe.prompt);
  });

  it.each([
    ['1 girl', '2 girls'],
    ['Image 1 of a triptych', 'Image 2 of a triptych'],
    ['#1 fan, a cat', '#2 fan'],
  ])('keeps %j', (one, other) => {
    const text = `${one}\n${PAIRS.join(', ')}\n\n${other}\n${OTHERS.join(', ')}`;
    expect(readTextRecipe(text).recipe.prompt).toBe(one);
  });

  it('keeps the settings below the last number of the first', () => {
    const text = `a stone bridge\nSteps: 18\nSeed: 77\nSampler: Euler\nVAE: x.pt\n\na red fox\nSteps: 40\nSeed: 5`;
    expect(readTextRecipe(text).recipe).toMatchObject({ steps: 18, seed: 77, sampler: 'euler', vae: 'x.pt' });
  });
});

describe('hiresWords', () => {
  const UPSCALER = { key: 'Hires upscaler', value: '4x-UltraSharp' };
  const STEPS = { key: 'Hires steps', value: '15' };
  const DENOISE = { key: 'Denoising strength', value: '0.4' };
  const TWICE = { key: 'Hires upscale', value: '2' };
  it.each([
    ['4x-UltraSharp, 15 steps, 0.4 denoise, 2x', [STEPS, DENOISE, TWICE, UPSCALER]],
    ['upscaler 4x-UltraSharp, denoise 0.4, upscale by 2', [UPSCALER, DENOISE, TWICE]],
    ['x2 with 4x-UltraSharp at 0.4 denoising strength', [TWICE, UPSCALER, DENOISE]],
    ['4x-UltraSharp | Steps: 15 | Denoising strength: 0.4 | Upscale x 2', [STEPS, DENOISE, TWICE, UPSCALER]],
    ['Upscaled 2x using 4x-UltraSharp (steps 15, denoising: 0.4)', [TWICE, UPSCALER, STEPS, DENOISE]],
    ['4x-UltraSharp - 15 hires steps - denoise of .4', [STEPS, { ...DENOISE, value: '.4' }, UPSCALER]],
    ['from 512x768 to 1024 x 1536, 4x-UltraSharp', [{ key: 'Hires resize', value: '1024x1536' }, UPSCALER]],
    [
      'Latent (nearest-exact), CFG 7',
      [
        { key: 'Hires CFG Scale', value: '7' },
        { key: 'Hires upscaler', value: 'Latent (nearest-exact)' },
      ],
    ],
    ...['off', 'not needed', 'No, img2img instead', 'disabled because slow', 'I did not use it'].map(
      (value): [string, never[]] => [value, []],
    ),
    ['2x Latent (nearest), 15 steps', [TWICE, { ...UPSCALER, value: 'Latent (nearest)' }, STEPS]],
  ])('reads %s', (value, pairs) => {
    const { pairs: found, unread } = hiresWords(value);
    const sorted = (list: readonly { key: string; value: string }[]) =>
      [...list].sort((a, b) => a.key.localeCompare(b.key));
    expect([sorted(found), unread]).toEqual([sorted(pairs), []]);
  });

  it.each([
    ['on', 'Hires. fix: on'],
    ['looks best on my card', 'looks best on my card'],
    ['4x-UltraSharp, 15 steps, looks best on my card', 'looks best on my card'],
    ['4x-UltraSharp, tile: 512', 'tile: 512'],
  ])('says what it cannot tell in %s', (value, unread) => expect(hiresWords(value).unread).toEqual([unread]));
});
