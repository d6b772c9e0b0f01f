/** Documents of word processors, as TextEdit and WordPad write them. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { SAID } from '../../recipe/infotext/testing/said';
import { textOfRtf } from './rtf';

const LAST = 'Steps: 18, Sampler: DPM++ 2M Karras, CFG scale: 5.5, Seed: 77, Size: 576x704';

describe('textOfRtf', () => {
  it.each([
    [
      'TextEdit',
      String.raw`{\rtf1\ansi\ansicpg1252\cocoartf2639{\fonttbl\f0\fswiss Helvetica;}{\colortbl;\red0\green0\blue0;}
\pard\tx720\f0\fs24 \cf0 a stone bridge\
Negative prompt: mist\
${LAST}}`,
    ],
    [
      'WordPad',
      String.raw`{\rtf1\ansi\deff0{\fonttbl{\f0\fnil Calibri;}}{\*\generator Riched20 10.0;}\viewkind4\uc1
\pard\sa200\f0\fs22\lang9 a stone bridge\par
Negative prompt: mist\par
${LAST}\par
}`,
    ],
    ['a bold label', String.raw`{\rtf1\ansi {\b Prompt:} a stone bridge\line {\b Negative prompt:} mist\line ${LAST}}`],
  ])('reads a recipe of %s', (_, text) => expect(readTextRecipe(text).recipe).toMatchObject(SAID));

  it('knows letters by byte and by number, and signs', () => {
    expect(textOfRtf(String.raw`{\rtf1\ansi\uc1 caf\'e9 \u8211? \{x\}\~\emdash y}`)).toBe('café – {x} —y');
    expect(textOfRtf(String.raw`{\rtf1{\uc0\u26725 }{\info{\title no}}\tab z`)).toBe('桥\tz');
    expect(textOfRtf('a {\\rtf1}')).toBeUndefined();
  });

  it('names a document that has no recipe', () => {
    const { recipe, notes } = readTextRecipe(String.raw`{\rtf1\ansi\pard My shopping list\par}`);
    expect(recipe.prompt).toBe('');
    expect(notes[0].message).toContain('word processor');
  });
});
