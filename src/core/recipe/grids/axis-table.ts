/** What a grid can vary, by A1111's words. @see A1111 scripts/xyz_grid.py, axis_options */
import { AppError } from '../../errors';
import { FIELDS } from '../fields';
import { fieldProblem } from '../problems';
import type { SizeLimits } from '../size-limits';
import { fieldOf, type FieldId, type GenerationRequest } from '../request';
import { matrixParts } from './matrix-parts';
import { parseNumbers, splitList } from './parse-values';

/** What the parsing must know of the world. */
export interface GridContext {
  models: readonly { id: string; name: string; size: SizeLimits }[];
  /** Draws a seed for a seed of -1. */
  drawSeed: () => number;
  request: GenerationRequest;
}

/** Plain data: it is kept in the line between visits. */
export interface AxisValue {
  /** What the value changes in requests. */
  change: Partial<GenerationRequest>;
  /** What stands on the sheet. */
  label: string;
}

export interface AxisEntry {
  /** A1111's word, also written into the sheet. */
  label: string;
  /** Says what to type. */
  help: string;
  /** What can be typed, where it is a choice. */
  choices?: readonly string[];
  /** @throws AppError 'bad-request' in one sentence */
  parse(text: string, context: GridContext): AxisValue[];
}

const NUMBERS = 'Like 1, 2, 5 or 1-5, 1-10 (+2), 1-10 [5]';

type Labels = Readonly<Record<string, { label: string }>>;

const FLAGS: Labels = { true: { label: 'on' }, false: { label: 'off' } };

/** Undefined for what is varied otherwise: texts by search and replace, the sides of a picture together. */
function fieldAxis(id: FieldId): AxisEntry | undefined {
  const field = fieldOf(id);
  const label = field.axis?.label ?? field.label;
  switch (field.kind) {
    case 'text':
      return undefined;
    case 'number':
      return field.isSide ? undefined : numberAxis(id, field.integer, label);
    case 'seed':
      return {
        ...numberAxis(id, true, label, (value, { drawSeed }) => (value === -1 ? drawSeed() : value)),
        help: `${NUMBERS}; -1 draws one`,
      };
    case 'choice':
      // The samplers on a sheet need no word of what they are.
      return field.names
        ? namesAxis(id, field.choices, label)
        : choiceAxis(id, field.choices, label, field.isBasic ? '' : `${label}: `);
    case 'flag':
      return choiceAxis(id, FLAGS, label, `${label}: `, (word) => word === 'true');
  }
}

function numberAxis(
  id: FieldId,
  isWhole: boolean,
  label: string,
  toValue: (value: number, context: GridContext) => number = (value) => value,
): AxisEntry {
  return {
    label,
    help: NUMBERS,
    parse: (text, context) =>
      parseNumbers(text, isWhole).map((typed) => {
        const value = toValue(typed, context);
        assertFine(fieldProblem(id, value));
        return { change: { [id]: value }, label: `${label}: ${value}` };
      }),
  };
}

function choiceAxis(
  id: FieldId,
  table: Labels,
  label: string,
  prefix: string,
  toValue: (choice: string) => unknown = (choice) => choice,
): AxisEntry {
  return {
    label,
    help: 'Names, separated by commas',
    choices: Object.values(table).map((entry) => entry.label),
    parse: (text) =>
      splitList(text).map((word) => {
        const found = findChoice(label, table, word);
        return { change: { [id]: toValue(found) }, label: `${prefix}${table[found]?.label ?? found}` };
      }),
  };
}

/** Choices, and names of files in the library: what is not here is said when it is painted. */
function namesAxis(id: FieldId, table: Labels, label: string): AxisEntry {
  return {
    label,
    help: 'Names, separated by commas, of the library’s files too',
    choices: Object.values(table).map((entry) => entry.label),
    parse: (text) =>
      splitList(text).map((word) => {
        const found = idIn(table, word) ?? word;
        return {
          change: { [id]: found },
          label: `${label}: ${Object.hasOwn(table, found) ? table[found].label : found}`,
        };
      }),
  };
}

/** Finds a choice by id or label, in any case. */
function findChoice(what: string, table: Labels, word: string): string {
  const found = idIn(table, word);
  if (found !== undefined) return found;
  throw new AppError('bad-request', `${what} "${word}" is not known.`);
}

function idIn(table: Labels, word: string): string | undefined {
  const wanted = word.toLowerCase();
  return Object.entries(table).find(([id, { label }]) => id === wanted || label.toLowerCase() === wanted)?.[0];
}

const PROMPT_SR: AxisEntry = {
  label: 'Prompt S/R',
  help: 'What to look for, then what to put in its place: cat, dog, "a horse, running"',
  parse(text, { request }) {
    const words = splitList(text);
    const [search = ''] = words;
    if (!request.prompt.includes(search) && !request.negativePrompt.includes(search))
      throw new AppError('bad-request', `Prompt S/R did not find "${search}" in the prompt or the negative prompt.`);
    // The change is a marker: two such axes act one after the other. See applyChange.
    return words.map((word) => ({ change: { prompt: search, negativePrompt: word }, label: word }));
  },
};

/** More make more pictures than a grid may have values. */
const MOST_MATRIX_PARTS = 7;

const MATRIX: AxisEntry = {
  label: 'Prompt matrix',
  help: 'Every combination of the parts behind | in the prompt; or of parts written here: at dusk | in snow',
  parse(text, { request }) {
    const parts = text.trim() === '' ? matrixParts(request.prompt).slice(1) : matrixParts(text);
    const optional = parts.map((part) => part.trim().replace(/^,+|,+$/g, '')).filter((part) => part !== '');
    if (optional.length === 0)
      throw new AppError('bad-request', 'The prompt has no parts to combine: write a cat | at dusk | in snow.');
    if (optional.length > MOST_MATRIX_PARTS)
      throw new AppError(
        'bad-request',
        `${optional.length} parts are too many to combine: at most ${MOST_MATRIX_PARTS}.`,
      );
    return Array.from({ length: 2 ** optional.length }, (_, bits) => {
      const chosen = optional.filter((_, i) => bits & (1 << i));
      // The change is a marker, as for Prompt S/R. See applyChange.
      return { change: { prompt: chosen.join(', ') }, label: chosen.length === 0 ? 'nothing more' : chosen.join(', ') };
    });
  },
};

const MODEL: AxisEntry = {
  label: 'Checkpoint name',
  help: 'Names of models, separated by commas',
  parse: (text, { models }) =>
    splitList(text).map((word) => {
      const wanted = word.toLowerCase();
      const model = models.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
      if (!model) throw new AppError('bad-request', `Model "${word}" is not in your library.`);
      return { change: { model: model.id }, label: model.name };
    }),
};

const SIZE: AxisEntry = {
  label: 'Size',
  help: 'Width x height, like 512x512, 512x768',
  parse: (text, { models, request }) =>
    splitList(text).map((word) => {
      const [, width, height] = /^(\d+)\s*[x×]\s*(\d+)$/i.exec(word) ?? [];
      if (width === undefined || height === undefined)
        throw new AppError('bad-request', `"${word}" is no size: write width x height, like 512x768.`);
      const limits = models.find(({ id }) => id === request.model)?.size;
      assertFine(fieldProblem('width', Number(width), limits) ?? fieldProblem('height', Number(height), limits));
      return { change: { width: Number(width), height: Number(height) }, label: `${width}x${height}` };
    }),
};

function assertFine(problem: string | undefined): void {
  if (problem !== undefined) throw new AppError('bad-request', problem);
}

const OF_SETTINGS: Readonly<Record<string, AxisEntry>> = Object.fromEntries(
  (Object.keys(FIELDS) as FieldId[]).flatMap((id) => {
    const axis = fieldAxis(id);
    return axis ? [[id, axis] as const] : [];
  }),
);

const OTHERS: Readonly<Record<string, AxisEntry>> = {
  promptSr: PROMPT_SR,
  promptMatrix: MATRIX,
  model: MODEL,
  size: SIZE,
};

/** What is varied most comes first; all else follows in the order of FIELDS. */
const FIRST = [
  'seed',
  'steps',
  'cfgScale',
  'promptSr',
  'promptMatrix',
  'sampler',
  'schedule',
  'model',
  'size',
  'noise',
];

/** Axes in the order of the picker. */
export const AXES: Readonly<Record<string, AxisEntry>> = Object.fromEntries(
  [...new Set([...FIRST, ...Object.keys(OF_SETTINGS)])].flatMap((id) => {
    const axis = OF_SETTINGS[id] ?? OTHERS[id];
    return axis ? [[id, axis] as const] : [];
  }),
);
