import { describe, expect, it } from 'vitest';
import type { PlainReading } from '../../../core/plain-words';
import { planPrompt, type PromptPlan } from '../../../core/prompt';
import { readNegative, readPositive, type PlainPrompts } from './plain-prompts';

/** Knows one sentence: "a cat"; reads "cats" as it; knows nothing else. */
const plainPrompts: PlainPrompts = {
  name: 'Small',
  suggestion: 'a red apple',
  reader: {
    read: (text) => {
      const [isAsTyped, isUnknown] = [text === 'a cat', !text.includes('cat')];
      const draws = isUnknown ? text : 'a cat';
      const reading: PlainReading = { reads: '', draws, leftOut: ['four'], isAsTyped, isUnknown, nearest: ['cat'] };
      return Promise.resolve(reading);
    },
  },
};

const plan = (text: string, isNegative = false): PromptPlan =>
  planPrompt(text, { dialect: 'a1111', calls: 4, isNegative });
const textsOf = ({ parts }: PromptPlan): string[] => parts.flatMap(({ schedule }) => schedule.map(({ text }) => text));

describe('readPositive', () => {
  it('leaves alone what the model knows', async () => {
    expect(await readPositive(plan('a cat'), plainPrompts)).toEqual({ plan: plan('a cat'), notices: [] });
  });

  it('gives the model its own words, and says so', async () => {
    const { plan: read, notices } = await readPositive(plan('four cats'), plainPrompts);
    expect(textsOf(read)).toEqual(['a cat']);
    expect(notices).toEqual(['Drawn as: a cat. Left out: four.']);
  });

  it('reads every text of a schedule and of a composition, weights kept', async () => {
    const { plan: read } = await readPositive(plan('[cats:a cat:0.5] AND cats :0.4'), plainPrompts);
    expect(read.parts.map(({ weight }) => weight)).toEqual([1, 0.4]);
    expect(read.parts[0].schedule.map(({ until }) => until)).toEqual([2, 4]);
    expect(textsOf(read)).toEqual(['a cat', 'a cat', 'a cat']);
  });

  it('says plainly where it knows nothing, and passes the words on', async () => {
    const { plan: read, notices } = await readPositive(plan('a knight'), plainPrompts);
    expect(textsOf(read)).toEqual(['a knight']);
    expect(notices).toEqual(['Small knows nothing of this: what it paints is a guess. Nearest to it: cat.']);
  });

  it('paints the suggestion where nothing was written', async () => {
    for (const empty of ['', '  \n']) {
      const { plan: read, notices } = await readPositive(plan(empty), plainPrompts);
      expect(textsOf(read)).toEqual(['a red apple']);
      expect(notices).toEqual(['Nothing was written, so this is what was suggested: a red apple.']);
    }
    const { plan: read } = await readPositive(plan(''), { ...plainPrompts, suggestion: undefined });
    expect(textsOf(read)).toEqual(['']);
  });
});

describe('readNegative', () => {
  it('gives the model its own words, and what names no subject as typed', async () => {
    expect(textsOf(await readNegative(plan('cats', true), plainPrompts))).toEqual(['a cat']);
    expect(textsOf(await readNegative(plan('blurry, ugly', true), plainPrompts))).toEqual(['blurry, ugly']);
    expect(textsOf(await readNegative(plan('', true), plainPrompts))).toEqual(['']);
  });
});
