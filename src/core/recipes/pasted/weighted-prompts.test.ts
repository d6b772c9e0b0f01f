/** NightCafe's list of prompts, each with its weight. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { weightedPrompts } from './weighted-prompts';

const REST = 'Initial Resolution: Medium\nRuntime: Short\nSeed: 77\nSampling method: K_DPMPP_2M';

describe('weightedPrompts', () => {
  it.each([
    `Text Prompts:\n"a stone bridge" (1.0)\n"mist" (-1.0)\n${REST}`,
    `"a stone bridge" weight: 1\n"mist" weight: -1\n${REST}`,
    `Creation Settings\nText Prompts\n"a stone bridge" Weight 1\n"mist" Weight -1\n\n${REST}`,
  ])('what is below zero is to be avoided: %#', (text) => {
    const { recipe, notes } = readTextRecipe(text);
    expect(recipe).toMatchObject({ prompt: 'a stone bridge', negativePrompt: 'mist', seed: 77, sampler: 'dpmpp_2m' });
    expect(notes).toEqual([]);
  });

  it('says that other weights are lost', () => {
    const { recipe, notes } = readTextRecipe(`"a stone bridge" (1.0)\n"dawn" (0.5)\n"mist" (-0.3)\n${REST}`);
    expect(recipe).toMatchObject({ prompt: 'a stone bridge, dawn', negativePrompt: 'mist', seed: 77 });
    expect(notes.map(({ message }) => message).join()).toContain('weights of the prompts');
  });

  it.each([
    '"steps": 18,\n"seed": 77,',
    '"a sign that says 5" (2)',
    'say "hello" 3 times\nsay "no" 4 times',
    '"quoted"\n"words"',
  ])('leaves %s', (text) => expect(weightedPrompts(text)).toBeUndefined());
});
