import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';

const said = (text: string) => {
  const { recipe, notes } = readTextRecipe(text);
  return { recipe, notes: notes.map(({ message }) => message) };
};

describe('readKohyaSample', () => {
  it('cuts flags that have no value or a long name from the value before them', () => {
    const { recipe, notes } = said('A photo --w 512 --h 512 --d 20 --motion --flow_shift 3');
    expect(recipe).toMatchObject({ prompt: 'A photo', width: 512, height: 512, seed: 20 });
    expect(notes).toEqual(['"--motion" is not carried over.', '"--flow_shift 3" is not carried over.']);
  });

  it('takes words for the negative prompt, and no number of pictures', () => {
    expect(said('a cat --n dogs, 3 birds --d 7 --s 9').recipe).toMatchObject({
      negativePrompt: 'dogs, 3 birds',
      seed: 7,
    });
    const { recipe, notes } = said('a cat --n 4 --d 7 --s 9');
    expect(recipe).toMatchObject({ prompt: 'a cat', negativePrompt: '', seed: 7, steps: 9 });
    expect(notes).toEqual(['"--n 4" is not carried over.']);
  });
});
