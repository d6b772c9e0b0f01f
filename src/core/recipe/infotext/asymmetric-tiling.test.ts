import { describe, expect, it } from 'vitest';
import { recipeSettings } from '../settings';
import { parseInfotext, writeInfotext } from '.';

const read = (keys: string) =>
  parseInfotext(`a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, ${keys}`);

describe('Tiling', () => {
  it('is A1111’s word, and comes back as it was', () => {
    const { recipe } = read('Tiling: True');
    expect(recipe.tiling).toBe('both');
    expect(recipeSettings(recipe).settings.tiling).toBe('both');
    expect(writeInfotext(recipe)).toContain('Tiling: True');
    expect(recipeSettings(read('Clip skip: 2').recipe).settings.tiling).toBe('none');
  });

  it('is one way alone where the extension for that says so; steps that it is kept to are not lost', () => {
    const of = (across: string, down: string, from = '0', to = '-1') =>
      read(`Tile X: ${across}, Tile Y: ${down}, Start Tiling From Step: ${from}, Stop Tiling After Step: ${to}`).recipe;
    expect(of('True', 'False')).toMatchObject({ tiling: 'x' });
    expect(of('True', 'False').unknown).toBeUndefined();
    expect(of('False', 'True')).toMatchObject({ tiling: 'y' });
    expect(of('True', 'True')).toMatchObject({ tiling: 'both' });
    expect(of('True', 'True', '4').unknown).toEqual({ 'Start Tiling From Step': '4' });
    expect(writeInfotext(of('True', 'False'))).toContain('Tiling: X');
    expect(read(writeInfotext(of('False', 'True')).split('\n').at(-1) ?? '').recipe.tiling).toBe('y');
  });
});
