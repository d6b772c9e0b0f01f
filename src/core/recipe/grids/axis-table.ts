/** What a grid can vary, by A1111's words. @see A1111 scripts/xyz_grid.py, axis_options */
import { ADVANCED, advancedProblem, type AdvancedId, type Setting } from '../advanced';
import { AppError } from '../../errors';
import { NOISES } from '../../noise';
import { numberProblem, type GenerationRequest, type SizeLimits } from '../request';
import { SAMPLERS } from '../../samplers';
import { SCHEDULES } from '../../schedules';
import { parseNumbers, splitList } from './parse-values';

/** What the parsing must know of the world. */
export interface GridContext {
  models: readonly { id: string; name: string; size: SizeLimits }[];
  /** For a seed of -1. */
  drawSeed: () => number;
  request: GenerationRequest;
}

/** Plain data: it is kept in the line between visits. */
export interface AxisValue {
  /** What the requests get. */
  change: Partial<GenerationRequest>;
  /** What stands on the sheet. */
  label: string;
}

export interface AxisEntry {
  /** A1111's word, also written into the sheet. */
  label: string;
  /** What to type. */
  help: string;
  /** What can be typed, where it is a choice. */
  choices?: readonly string[];
  /** @throws AppError 'bad-request' in one sentence */
  parse(text: string, context: GridContext): AxisValue[];
}

const NUMBERS = 'Like 1, 2, 5 or 1-5, 1-10 (+2), 1-10 [5]';

type Labels = Readonly<Record<string, { label: string }>>;

function numbersOf(
  label: string,
  field: 'steps' | 'cfgScale' | 'seed',
  toValue: (value: number, context: GridContext) => number = (value) => value,
): AxisEntry {
  return {
    label,
    help: field === 'seed' ? `${NUMBERS}; -1 draws one` : NUMBERS,
    parse: (text, context) =>
      parseNumbers(text, field !== 'cfgScale').map((typed) => {
        const value = toValue(typed, context);
        assertFine(numberProblem(field, value));
        return { change: { [field]: value }, label: `${label}: ${value}` };
      }),
  };
}

function choicesOf(label: string, field: 'sampler' | 'schedule' | 'noise', table: Labels): AxisEntry {
  const labels = Object.values(table).map((entry) => entry.label);
  return {
    label,
    help: 'Names, separated by commas',
    choices: labels,
    parse: (text) =>
      splitList(text).map((word) => {
        const id = findChoice(label, table, word);
        return { change: { [field]: id }, label: table[id]?.label ?? id };
      }),
  };
}

/** By id or label, in any case. */
function findChoice(what: string, table: Labels, word: string): string {
  const wanted = word.toLowerCase();
  const found = Object.entries(table).find(([id, { label }]) => id === wanted || label.toLowerCase() === wanted);
  if (found) return found[0];
  throw new AppError('bad-request', `${what} "${word}" is not known.`);
}

function advancedAxis(id: AdvancedId, setting: Setting, label = setting.label): AxisEntry {
  if (setting.kind === 'choice') return choiceAxis(id, setting.choices, label);
  if (setting.kind === 'flag') return choiceAxis(id, { true: { label: 'on' }, false: { label: 'off' } }, label);
  const { integer } = setting;
  return {
    label,
    help: NUMBERS,
    parse: (text) =>
      parseNumbers(text, integer).map((value) => {
        assertFine(advancedProblem(id, value));
        return { change: { [id]: value }, label: `${label}: ${value}` };
      }),
  };
}

function choiceAxis(id: AdvancedId, table: Labels, label: string): AxisEntry {
  const isFlag = ADVANCED[id].kind === 'flag';
  return {
    label,
    help: 'Names, separated by commas',
    choices: Object.values(table).map((entry) => entry.label),
    parse: (text) =>
      splitList(text).map((word) => {
        const found = findChoice(label, table, word);
        return {
          change: { [id]: isFlag ? found === 'true' : found },
          label: `${label}: ${table[found]?.label ?? found}`,
        };
      }),
  };
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
      assertFine(numberProblem('width', Number(width), limits) ?? numberProblem('height', Number(height), limits));
      return { change: { width: Number(width), height: Number(height) }, label: `${width}x${height}` };
    }),
};

function assertFine(problem: string | undefined): void {
  if (problem !== undefined) throw new AppError('bad-request', problem);
}

/** A1111's words for advanced settings, where they are not ours. */
const A1111_LABELS: Partial<Record<AdvancedId, string>> = {
  variationSeed: 'Var. seed',
  variationStrength: 'Var. strength',
  sChurn: 'Sigma Churn',
  sTmin: 'Sigma min',
  sTmax: 'Sigma max',
  ngms: 'Negative Guidance minimum sigma',
  discardPenultimate: 'Always discard next-to-last sigma',
};

const SEED = numbersOf('Seed', 'seed', (value, { drawSeed }) => (value === -1 ? drawSeed() : value));

/** In the order of the picker: what is varied most comes first. */
export const AXES: Readonly<Record<string, AxisEntry>> = {
  seed: SEED,
  steps: numbersOf('Steps', 'steps'),
  cfgScale: numbersOf('CFG Scale', 'cfgScale'),
  promptSr: PROMPT_SR,
  sampler: choicesOf('Sampler', 'sampler', SAMPLERS),
  schedule: choicesOf('Schedule type', 'schedule', SCHEDULES),
  model: MODEL,
  size: SIZE,
  noise: choicesOf('RNG source', 'noise', NOISES),
  ...Object.fromEntries(
    (Object.keys(ADVANCED) as AdvancedId[]).map((id) => [id, advancedAxis(id, ADVANCED[id], A1111_LABELS[id])]),
  ),
};
