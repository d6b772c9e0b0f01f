/** Where a text holds several recipes the first is read, and their number told. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '.';

const A = '{"prompt": "a stone bridge", "steps": 18, "seed": 77}';
const B = '{"prompt": "a mill", "steps": 9, "seed": 8}';
const messages = (text: string): string =>
  readTextRecipe(text)
    .notes.map(({ message }) => message)
    .join('\n');
const FIRST = { prompt: 'a stone bridge', steps: 18, seed: 77 };

describe('several recipes', () => {
  it.each([
    ['objects in words', `First: ${A}\nSecond: ${B}`, '2 recipes'],
    ['an object, a comma, an object', `${A},\n${B}`, '2 recipes'],
    ['requests of curl', `curl x -d '${A}'\ncurl x -d '${B}'`, '2 recipes'],
    ['objects by their names', `{"one": ${A}, "two": ${B}, "three": ${B}}`, '3 recipes'],
    ['rows of CSV', 'prompt,steps,seed\na stone bridge,18,77\na mill,9,8', 'several rows'],
    [
      'rows of Markdown',
      '| prompt | steps | seed |\n|---|---|---|\n| a stone bridge | 18 | 77 |\n| a mill | 9 | 8 |',
      'several rows',
    ],
    [
      'a sheet of commands',
      '--prompt "a stone bridge" --steps 18 --seed 77\n--prompt "a mill" --steps 9',
      '2 commands',
    ],
    [
      'commands',
      './sd -p "a stone bridge" --steps 18 -s 77\n./sd -p "a mill" -n "rain" --steps 9 -s 8 --cfg-scale 3',
      '2 commands',
    ],
    [
      'lines of samples',
      '# one\na stone bridge --w 576 --s 18 --d 77\n# two\na mill --n rain --s 9 --d 8',
      '2 prompts',
    ],
  ])('%s', (_, text, told) => {
    const { recipe } = readTextRecipe(text);
    expect(recipe).toMatchObject({ ...FIRST, negativePrompt: '' });
    expect(messages(text)).toContain(told);
  });

  it.each([
    ['an answer that repeats the request', `sent ${A}, got ${A}`],
    ['request and answer', `{"asked": ${A}, "answered": ${A}}`],
    ['one row', 'prompt,steps,seed\na stone bridge,18,77\n'],
  ])('is not said of %s', (_, text) => {
    expect(readTextRecipe(text).recipe).toMatchObject(FIRST);
    expect(messages(text)).not.toMatch(/recipes|rows/);
  });
});

it('members of an object need no brackets', () => {
  expect(readTextRecipe('"prompt": "a stone bridge",\n"steps": 18,\n"seed": 77,').recipe).toMatchObject(FIRST);
});

describe('a sheet of prompts (A1111)', () => {
  it('needs no setting, and takes words without quotes', () => {
    expect(readTextRecipe('--prompt "a stone bridge"')).toMatchObject({
      recipe: { prompt: 'a stone bridge' },
      form: 'json',
    });
    expect(readTextRecipe('--prompt a stone bridge --steps 18').recipe).toMatchObject({
      prompt: 'a stone bridge',
      steps: 18,
    });
  });

  it('tells plain lines, and reads its switches', () => {
    const text = 'a mill\n--prompt "a stone bridge" --steps 18 --tiling true --restore_faces false --batch_size 2';
    expect(readTextRecipe(text).recipe).toMatchObject({ prompt: 'a stone bridge', steps: 18, tiling: 'both' });
    expect(messages(text)).toContain('left out: 1');
  });
});
