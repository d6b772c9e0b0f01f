/**
 * What the tables of settings say to people: axes of grids, limits, defaults and the sentences of what is wrong, as they were
 * (commit a8ccd72). GESSO_WRITE_REFERENCES=1 writes them anew. New settings may come; none of these may go.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toAppError } from '../../src/core/errors';
import { AXES, gridCells, gridKeys, parseGrid, type AxisDraft } from '../../src/core/recipe/grids';
import { requestProblems } from '../../src/core/recipe/problems';
import { ADVANCED_IDS, type GenerationRequest } from '../../src/core/recipe/request';

const REQUEST: GenerationRequest = {
  model: 'starter',
  prompt: 'a red cat',
  negativePrompt: 'cat food',
  sampler: 'euler',
  schedule: 'karras',
  noise: 'nv',
  steps: 8,
  cfgScale: 4,
  seed: 7,
  width: 128,
  height: 128,
};

/** Values of no field, of some, and just beyond the limits of numbers. */
const WRONG: readonly unknown[] = [null, NaN, 'x', true, -1e9, -1, 0.3, 1e9, 2 ** 60, {}, '18446744073709551615'];
const FIELDS = ['model', 'prompt', 'negativePrompt', 'sampler', 'schedule', 'noise', 'steps', 'cfgScale', 'seed'];
const SIZES = ['width', 'height'];

const DRAFTS: readonly AxisDraft[][] = [
  [
    { id: 'seed', text: '1-3, -1' },
    { id: 'promptSr', text: 'cat, dog, "a horse, running"' },
  ],
  [
    { id: 'model', text: 'other, starter' },
    { id: 'sampler', text: 'DPM++ 2M, euler_ancestral' },
    { id: 'cfgScale', text: '1-4 [3]' },
  ],
  [
    { id: 'size', text: '128x128, 256 x 128' },
    { id: 'discardPenultimate', text: 'Always' },
    { id: 'zeroTerminalSnr', text: 'on, off' },
  ],
  [{ id: 'variationSeed', text: '5-7' }],
  [{ id: 'steps', text: '0' }],
  [{ id: 'schedule', text: 'Kerras' }],
  [{ id: 'eta', text: '2' }],
  [{ id: 'nothing', text: '2' }],
];

const models = ['starter', 'other'].map((id) => ({ id, name: `The ${id}`, size: { min: 64, max: 512, step: 64 } }));
const context = { models, drawSeed: () => 99, request: REQUEST };

const path = fileURLToPath(new URL('./fixtures/words.json', import.meta.url));
const writes = process.env.GESSO_WRITE_REFERENCES !== undefined;

interface References {
  advanced: string[];
  axes: Record<string, unknown>;
  grids: unknown[];
  problems: unknown[];
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const readGrid = (drafts: AxisDraft[]): unknown => {
  try {
    const grid = parseGrid(drafts, context);
    return { cells: gridCells(REQUEST, grid), keys: gridKeys(grid) };
  } catch (thrown) {
    return toAppError(thrown).message;
  }
};

const problemsOf = (fields: readonly string[]): unknown[] =>
  [...fields, ...SIZES].flatMap((field) =>
    WRONG.map((value) => {
      const request = { ...REQUEST, [field]: value };
      return [requestProblems(request), requestProblems(request, { min: 128, max: 128, step: 32 })];
    }),
  );

describe('the words of settings', async () => {
  if (writes) {
    const advanced = ADVANCED_IDS;
    const made = { advanced, axes: AXES, grids: DRAFTS.map(readGrid), problems: problemsOf([...FIELDS, ...advanced]) };
    await writeFile(path, `${JSON.stringify(made)}\n`);
  }
  const { advanced, axes, grids, problems } = JSON.parse(await readFile(path, 'utf8')) as References;

  it('of grids: every axis, in its order', () => {
    const known = Object.keys(AXES).filter((id) => Object.hasOwn(axes, id));
    expect(known).toEqual(Object.keys(axes));
    expect(plain(Object.fromEntries(known.map((id) => [id, AXES[id]])))).toEqual(axes);
  });

  it.each(DRAFTS.map((drafts, i) => ({ drafts, i })))('of grids: $drafts', ({ drafts, i }) => {
    expect(plain(readGrid(drafts))).toEqual(grids[i]);
  });

  it('of what is wrong, field by field', () => {
    expect(plain(problemsOf([...FIELDS, ...advanced]))).toEqual(problems);
  });
});
