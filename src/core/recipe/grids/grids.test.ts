/** X/Y/Z grids: A1111's syntax, the requests of the cells, the keys of the sheet. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADVANCED_IDS, fieldOf } from '../request';
import { AppError } from '../../errors';
import { assertRequest } from '../problems';
import { type GenerationRequest } from '../request';
import { AXES, cellCount, gridCells, gridKeys, parseGrid, parseNumbers, splitList, type GridContext } from '.';

const request: GenerationRequest = {
  ...{
    model: 'a',
    prompt: 'a cat and a cat',
    negativePrompt: 'cat',
    sampler: 'euler',
    schedule: 'karras',
    noise: 'nv',
  },
  ...{ steps: 20, cfgScale: 7, seed: 1, width: 512, height: 512 },
};
const size = { min: 64, max: 1024, step: 64 };
const models = [
  { id: 'a', name: 'Model A', size },
  { id: 'b', name: 'Model B', size },
];
const context: GridContext = { models, drawSeed: () => 4242, request };
const grid = (...axes: [string, string][]) =>
  parseGrid(
    axes.map(([id, text]) => ({ id, text })),
    context,
  );

describe('splitList', () => {
  it.each([
    ['a, b,c ', ['a', 'b', 'c']],
    ['"a, b", c', ['a, b', 'c']],
    ['"say ""hi""",x', ['say "hi"', 'x']],
    ['a\nb', ['a', 'b']],
    [' , ,', []],
    ['', []],
  ])('%j', (text, list) => expect(splitList(text)).toEqual(list));
  it('refuses an unclosed quote', () => expect(() => splitList('"a, b')).toThrow(/not closed/));
});

describe('parseNumbers', () => {
  // By A1111's own expressions: range(1, 6), range(1, 11, 2), np.linspace(1, 10, 5), np.arange(1, 2.5, 0.5).
  it.each([
    ['1, 5,9', true, [1, 5, 9]],
    ['1-5', true, [1, 2, 3, 4, 5]],
    ['1-10 (+2)', true, [1, 3, 5, 7, 9]],
    ['1-10 [5]', true, [1, 3, 5, 7, 10]],
    ['10-4 (-3)', true, [10, 7, 4]],
    ['1-2 (+0.5)', false, [1, 1.5, 2]],
    ['1-10 [5]', false, [1, 3.25, 5.5, 7.75, 10]],
    ['0-1 (+0.1)', false, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
    ['-1', true, [-1]],
    ['-3 - -1', true, [-3, -2, -1]],
    ['5-1', true, []],
    ['3, 7-9, 20 - 30 [3]', true, [3, 7, 8, 9, 20, 25, 30]],
    ['1-5 [1]', true, [1]],
  ])('%s', (text, isWhole, numbers) => expect(parseNumbers(text, isWhole)).toEqual(numbers));

  it.each(['x', '1-', '1-5 (2)', '1-5 (+0)', '1-100000000', '1-9 [99999999]', 'NaN', 'Infinity', '1e999'])(
    'refuses %s',
    (text) => expect(() => parseNumbers(text, true)).toThrow(AppError),
  );

  it('throws nothing but AppError, whatever is typed', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'0123456789-+.,[]() "e\n'), maxLength: 24 });
    fc.assert(
      fc.property(letters, (text) => {
        for (const id of Object.keys(AXES))
          try {
            parseGrid([{ id, text }], context);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(AppError);
          }
      }),
      { numRuns: 300 },
    );
  });
});

describe('grids', () => {
  it('can vary every advanced setting but texts', () => {
    const ids = ADVANCED_IDS.filter((id) => fieldOf(id).kind !== 'text');
    for (const id of ids) expect(AXES[id]?.label, id).toBeTruthy();
  });

  it.each(
    Object.entries(AXES).flatMap(([id, { choices = [] }]) => (choices.length > 0 ? [[id, choices] as const] : [])),
  )('takes every choice of %s by its name, and makes sound requests', (id, choices) => {
    const { axes } = grid([id, choices.map((choice) => `"${choice}"`).join()]);
    expect(axes[0]?.values).toHaveLength(choices.length);
    for (const cell of gridCells(request, { axes })) expect(() => assertRequest(cell.request)).not.toThrow();
  });

  it('runs x first, then y, then z', () => {
    const three = grid(['seed', '1-2'], ['steps', '5, 6'], ['cfgScale', '3, 4']);
    expect(cellCount(three)).toBe(8);
    const cells = gridCells(request, three);
    expect(cells.map(({ at }) => at.join(''))).toEqual(['000', '100', '010', '110', '001', '101', '011', '111']);
    expect(cells[3]?.request).toEqual({ ...request, seed: 2, steps: 6, cfgScale: 3 });
  });

  it('loads each model once', () => {
    const cells = gridCells(request, grid(['model', 'Model A, b'], ['seed', '1-2']));
    expect(cells.map((cell) => `${cell.request.model}${cell.request.seed}`)).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(cells.map(({ at }) => at.join(''))).toEqual(['00', '01', '10', '11']);
  });

  it('searches and replaces in both prompts, also twice', () => {
    const cells = gridCells(request, grid(['promptSr', 'cat, dog, "red, cat"'], ['promptSr', 'and, or']));
    expect(cells.map(({ request: { prompt } }) => prompt)).toEqual([
      'a cat and a cat',
      'a dog and a dog',
      'a red, cat and a red, cat',
      'a cat or a cat',
      'a dog or a dog',
      'a red, cat or a red, cat',
    ]);
    expect(cells[1]?.request.negativePrompt).toBe('dog');
  });

  it('combines the parts of a prompt as Prompt matrix does', () => {
    const of = (prompt: string, text = '') => {
      const matrix = { ...request, prompt };
      const parsed = parseGrid([{ id: 'promptMatrix', text }], { ...context, request: matrix });
      return gridCells(matrix, parsed).map((cell) => cell.request.prompt);
    };
    // By scripts/prompt_matrix.py: prompt "a cat |at dusk| in snow,", comma as the delimiter.
    expect(of('a cat |at dusk| in snow,')).toEqual([
      'a cat ',
      'a cat , at dusk',
      'a cat , in snow',
      'a cat , at dusk, in snow',
    ]);
    expect(of('a [cat|dog]', 'x | {y|z}')).toEqual([
      'a [cat|dog]',
      'a [cat|dog], x',
      'a [cat|dog], {y|z}',
      'a [cat|dog], x, {y|z}',
    ]);
    expect(() => of('a cat')).toThrow(/no parts to combine/);
    expect(() => of('a', 'b|c|d|e|f|g|h|i')).toThrow(/8 parts are too many/);
  });

  it('draws a seed for -1 and tells which', () => {
    const drawn = grid(['seed', '-1, 5'], ['sampler', 'Euler a, ddim']);
    expect(gridCells(request, drawn)[0]?.request.seed).toBe(4242);
    expect(gridKeys(drawn)).toEqual({
      Script: 'X/Y/Z plot',
      'X Type': 'Seed',
      'X Values': '-1, 5',
      'Fixed X Values': '4242, 5',
      'Y Type': 'Sampler',
      'Y Values': 'Euler a, ddim',
    });
  });

  it.each([
    [['steps', '0'], /Steps must be from 1 to 150/],
    [['steps', ''], /what are its values/],
    [['sampler', 'nothing'], /"nothing" is not known/],
    [['model', 'c'], /not in your library/],
    [['size', '512'], /no size/],
    [['size', '512x70'], /multiple of 64/],
    [['promptSr', 'horse, dog'], /did not find "horse"/],
    [['nothing', '1'], /cannot be varied/],
  ] as const)('refuses %j', ([id, text], message) => expect(() => grid([id, text])).toThrow(message));

  it('refuses more cells than anyone waits for', () =>
    expect(() => grid(['seed', '1-50'], ['steps', '1-50'])).toThrow(/2500 pictures are too many/));
});
