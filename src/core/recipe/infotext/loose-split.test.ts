/** Infotexts that people paste after viewers, messages and programs have been at them. */
import { describe, expect, it } from 'vitest';
import { parseInfotext } from '.';
import { splitInfotext } from './split-infotext';
import { SAID } from './testing/said';

const PAIRS =
  'Steps: 18, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 77, Size: 576x704, Model: orchard, Version: v1.10.1';

describe('parseInfotext of a text that A1111 gives up', () => {
  it.each<[string, string]>([
    ['a line behind', `a stone bridge\nNegative prompt: mist\n${PAIRS}\nTime taken: 9.1 sec.`],
    [
      'what A1111 shows under a picture',
      `a stone bridge\nNegative prompt: mist\n${PAIRS}\n\nTime taken: 9.1 sec.\n\nA: 3.2 GB, R: 3.9 GB, Sys: 4.7/24 GB (19.6%)`,
    ],
    [
      'templates behind (Dynamic Prompts)',
      `a stone bridge\nNegative prompt: mist\n${PAIRS}\nTemplate: a {stone|brick} bridge\nNegative Template: mist`,
    ],
    [
      'templates before (SD.Next)',
      `a stone bridge\nNegative prompt: mist\nTemplate: a {stone|brick} bridge\nNegative template: mist\n${PAIRS}`,
    ],
    ['bars between pairs', `a stone bridge\nNegative prompt: mist\n${PAIRS.replaceAll(', ', ' | ')}`],
    ['semicolons between pairs', `a stone bridge\nNegative prompt: mist\n${PAIRS.replaceAll(', ', '; ')}`],
    ['a pair a line', `a stone bridge\nNegative prompt: mist\n${PAIRS.replaceAll(', ', '\n')}`],
    ['pairs broken by a mail', `a stone bridge\nNegative prompt: mist\n${PAIRS.replace(', CFG', ',\nCFG')}`],
    ['pairs broken before a key', `a stone bridge\nNegative prompt: mist\n${PAIRS.replace(', CFG', '\nCFG')}`],
    ['one line with dots (exiftool)', `a stone bridge.Negative prompt: mist.${PAIRS}`],
    ['exiftool with its label', `Parameters                      : a stone bridge.Negative prompt: mist.${PAIRS}`],
    ['one line with spaces', `a stone bridge Negative prompt: mist ${PAIRS}`],
    [
      'one line with commas',
      `a stone bridge, Negative prompt: mist, ${PAIRS}`.replace('bridge, N', 'bridge N').replace('mist, S', 'mist S'),
    ],
    ['one line with \\n', `a stone bridge\\nNegative prompt: mist\\n${PAIRS}`],
    ['one line with <br>', `a stone bridge<br>Negative prompt: mist<br>${PAIRS}`],
    ['a word before the parameters', `a stone bridge\nNegative prompt: mist\nParameters: ${PAIRS}`],
    [
      'no break before the parameters',
      `a stone bridge Negative prompt: mist${PAIRS}`.replace(
        'Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5',
        'CFG scale: 5.5, Sampler: DPM++ 2M, Schedule type: Karras',
      ),
    ],
    [
      'a dash before the negative prompt (Draw Things)',
      'a stone bridge\n-mist\nSteps: 18, Sampler: DPM++ 2M Karras, Guidance Scale: 5.5, Seed: 77, Size: 576x704, Model: orchard.ckpt, Strength: 1.0, Seed Mode: Scale Alike, Shift: 1.0',
    ],
    ['a word in front', `parameters: a stone bridge\nNegative prompt: mist\n${PAIRS}`],
    ['a label on a line', `Generation data\na stone bridge\nNegative prompt: mist\n${PAIRS}`],
    ['"Prompt:" in front', `Prompt: a stone bridge\nNegative prompt: mist\n${PAIRS}`],
    ['"Positive prompt:" in front', `Positive prompt: a stone bridge\nNegative prompt: mist\n${PAIRS}`],
    ['nothing between pairs but spaces', `a stone bridge\nNegative prompt: mist\n${PAIRS.replaceAll(', ', ' ')}`],
    [
      'small letters',
      `a stone bridge\nNegative prompt: mist\n${PAIRS.toLowerCase().replace('dpm++ 2m', 'dpm++ 2m')}\nthe end`,
    ],
  ])('%s', (_, text) => {
    expect(parseInfotext(text).recipe).toMatchObject(SAID);
  });

  it('takes the last line with a dash for the negative prompt of Draw Things', () => {
    const pairs = 'Steps: 18, Sampler: Euler a, Guidance Scale: 5.5, Seed: 77, Size: 576x704, Seed Mode: Scale Alike';
    expect(parseInfotext(`a cat\n-brown fur\n\n-ugly\n${pairs}`).recipe).toMatchObject({
      prompt: 'a cat\n-brown fur\n',
      negativePrompt: 'ugly',
    });
    expect(parseInfotext(`-a cat\n${pairs}`).recipe).toMatchObject({ prompt: '-a cat', negativePrompt: '' });
  });

  it('leaves a line with a dash to the prompt in other programs', () => {
    expect(parseInfotext(`a stone bridge\n-mist\n${PAIRS}`).recipe.prompt).toBe('a stone bridge\n-mist');
  });

  it('keeps templates, and names what it leaves out', () => {
    const { recipe, notes } = parseInfotext(
      `a stone bridge\n${PAIRS}\nTemplate: a {stone|brick} bridge\nSent from afar`,
    );
    expect(recipe.unknown).toMatchObject({ Template: 'a {stone|brick} bridge' });
    expect(notes.map(({ message }) => message)).toEqual([
      'What stands after the parameters is left out: "Sent from afar".',
    ]);
  });

  it('goes on over a line break inside quotes', () => {
    const { recipe } = parseInfotext(`a stone bridge\n${PAIRS}, Hires prompt: "one,\ntwo", Hires upscale: 2`);
    expect(recipe).toMatchObject({ hires: { prompt: 'one,\ntwo', upscale: 2 } });
  });

  it.each([
    'a cat\nNegative prompt: a dog\nSteps: 20, Sampler: Euler',
    'Steps: many, Sampler: Euler, Seed: 3\nand then',
    'the recipe in 3 steps: 1 cup of flour, 2 eggs: yes, sugar: some',
    'a cat Negative prompt: a dog',
    'Template: a cat',
    'a cat, (Steps: 3), Seed: 4\nb',
  ])('leaves %j as A1111 reads it', (text) => {
    const { prompt, negativePrompt } = splitInfotext(text);
    expect(parseInfotext(text).recipe).toMatchObject({ prompt, negativePrompt });
  });
});
