import { describe, expect, it } from 'vitest';
import { switchStyle, wornStyles } from './worn-styles';

const style = (name: string, prompt: string, negativePrompt = '') => ({ name, prompt, negativePrompt });
const OIL = style('Oil', 'oil painting of {prompt}', 'photo');
const NIGHT = style('Night', 'at night');
const GRAIN = style('Grain', 'film grain', 'clean');
const KNOWN = [OIL, NIGHT, GRAIN, style('Empty', ''), style('Tail', 'night')];
const names = (prompt: string, negativePrompt = '') =>
  wornStyles({ prompt, negativePrompt }, KNOWN).styles.map(({ name }) => name);

describe('styles that the prompts carry', () => {
  it('are found one around the other, and none where there is none', () => {
    expect(names('a fox')).toEqual([]);
    expect(names('oil painting of a fox, at night', 'photo')).toEqual(['Night', 'Oil']);
    expect(names('a fox, at night, film grain', 'clean')).toEqual(['Night', 'Grain']);
    expect(names('a fox, film grain'), 'its negative part is missing').toEqual([]);
  });

  it('go on and off in any order, and leave the prompts as they were', () => {
    const bare = { prompt: 'a fox', negativePrompt: 'blurry' };
    for (const order of [
      [OIL, NIGHT, GRAIN],
      [GRAIN, OIL, NIGHT],
      [NIGHT, GRAIN, OIL],
    ]) {
      const on = order.reduce((prompts, one) => switchStyle(prompts, one, KNOWN), bare);
      expect(
        wornStyles(on, KNOWN)
          .styles.map(({ name }) => name)
          .sort(),
      ).toEqual(['Grain', 'Night', 'Oil']);
      const [first, second, third] = order;
      if (!first || !second || !third) throw new Error('three of them');
      const fewer = switchStyle(on, second, KNOWN);
      expect(fewer).toEqual([first, third].reduce((prompts, one) => switchStyle(prompts, one, KNOWN), bare));
      expect([first, third].reduce((prompts, one) => switchStyle(prompts, one, KNOWN), fewer)).toEqual(bare);
    }
  });
});
