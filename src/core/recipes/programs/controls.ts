/** ControlNets and adapters in the JSON of other programs, as units of an infotext. Their pictures are not in it. */
import type { RangeRule } from '../../control/active-steps';
import type { ControlMode } from '../../control/control-scales';
import { kindOfComfy, type UnionKind } from '../../control/union-kinds';
import type { ResizeMode } from '../../image/geometry';
import type { ControlUnit } from '../../recipe/control/unit';
import { entryOf, allowedWeight, weightNote } from '../../recipe/control/unit-fields';
import { asBag, type Bag } from '../json-pairs';
import { fileStem, isNothing, toNumber, type Draft } from './draft';
import type { Reader } from './program';

const IP_ADAPTER = 'ip-adapter-auto';

interface Told {
  model: unknown;
  module?: unknown;
  weight?: unknown;
  start?: unknown;
  end?: unknown;
  mode?: ControlMode | undefined;
  resizeMode?: ResizeMode | undefined;
  range?: RangeRule;
  kind?: UnionKind | undefined;
  resolution?: unknown;
}

/** What is not told is left as it is. */
function put(draft: Draft, { model, module, mode, resizeMode, range, kind, ...told }: Told): void {
  if (typeof model !== 'string' || isNothing(model)) return;
  const numbers = Object.entries(told).flatMap(([name, value]): [string, number][] => {
    const number = toNumber(value);
    return number === undefined ? [] : [[name, name === 'weight' ? allowedWeight(number) : number]];
  });
  const note = weightNote(`"${fileStem(model)}"`, toNumber(told.weight) ?? NaN);
  if (note !== undefined) draft.note('weight', note);
  draft.unit({
    model: fileStem(model),
    ...(typeof module === 'string' && !isNothing(module) && { module }),
    ...Object.fromEntries(numbers),
    ...(mode && { mode }),
    ...(resizeMode && { resizeMode }),
    ...(range && { range }),
    ...(kind && { kind }),
  } satisfies ControlUnit);
}

const bags = (value: unknown): Bag[] => (Array.isArray(value) ? value.flatMap((one): Bag[] => listed(asBag(one))) : []);

const listed = (bag: Bag | undefined): Bag[] => (bag ? [bag] : []);

const nameIn = (value: unknown): unknown => {
  const bag = asBag(value);
  return bag ? (bag['name'] ?? bag['model_name']) : value;
};

/** It does not soften where it acts on the prompt alone. @see InvokeAI diffusers_pipeline.py */
const INVOKE_MODES: Readonly<Record<string, ControlMode>> = {
  balanced: 'balanced',
  more_prompt: 'prompt',
  more_control: 'control',
  unbalanced: 'control',
};
const INVOKE_RESIZES: Readonly<Record<string, ResizeMode>> = {
  just_resize: 'just_resize',
  just_resize_simple: 'just_resize',
  crop_resize: 'crop_and_resize',
  fill_resize: 'resize_and_fill',
};

function noteInvoke(draft: Draft, key: string, mode: unknown, method: unknown): void {
  if (mode === 'unbalanced')
    draft.note(key, 'The control mode "unbalanced" of InvokeAI is "ControlNet is more important" here, which softens.');
  if (typeof method === 'string' && method !== 'full')
    draft.note(key, `An IP-Adapter reads for "${method}" alone there, and here for all: that is not carried over.`);
}

/** InvokeAI's lists `controlnets`, `t2iAdapters` and `ipAdapters`: up to its version 4, and of graphs since. */
export const readInvokeList =
  (list: string, modelKey: 'control_model' | 't2i_adapter_model' | 'ip_adapter_model'): Reader =>
  (value, draft) => {
    const all = bags(value);
    if (all.some((one) => typeof nameIn(one[modelKey]) !== 'string'))
      draft.note(list, `Not carried over from InvokeAI: ${list} that name no model.`);
    for (const one of all) {
      const weight = one['control_weight'] ?? one['weight'];
      const isPicture = modelKey === 'ip_adapter_model';
      noteInvoke(draft, modelKey, one['control_mode'], one['method']);
      const isNamed = typeof nameIn(one[modelKey]) === 'string';
      const changes = isNamed && Array.isArray(weight) && weight.some((each) => each !== (weight as unknown[])[0]);
      if (changes)
        draft.note(
          modelKey,
          `InvokeAI gave "${fileStem(String(nameIn(one[modelKey])))}" a weight for each step: the first is taken for all.`,
        );
      put(draft, {
        model: nameIn(one[modelKey]),
        ...(isPicture && { module: IP_ADAPTER }),
        weight: Array.isArray(weight) ? (weight as unknown[])[0] : weight,
        start: one['begin_step_percent'],
        end: one['end_step_percent'],
        mode: entryOf(INVOKE_MODES, String(one['control_mode'])),
        resizeMode: entryOf(INVOKE_RESIZES, String(one['resize_mode'] ?? 'just_resize')),
        range: 'invokeai',
      });
    }
  };

/** Those of a layer or a reference picture of InvokeAI's canvas. @returns whether there was one that can be told */
export function putInvokeAdapter(draft: Draft, layer: Bag): boolean {
  if (layer['isEnabled'] === false) return true;
  const adapter = asBag(layer['controlAdapter']) ?? asBag(layer['ipAdapter']) ?? asBag(layer['config']) ?? {};
  const type = String(adapter['type']);
  const model = nameIn(adapter['model']);
  if (!['controlnet', 't2i_adapter', 'ip_adapter'].includes(type) || typeof model !== 'string') return false;
  const span = adapter['beginEndStepPct'];
  const [start, end] = Array.isArray(span) ? (span as unknown[]) : [];
  noteInvoke(draft, 'canvas', adapter['controlMode'], adapter['method']);
  put(draft, {
    ...{ model, weight: adapter['weight'], start, end, range: 'invokeai' },
    ...(type === 'ip_adapter' && { module: IP_ADAPTER }),
    mode: entryOf(INVOKE_MODES, String(adapter['controlMode'])),
    resizeMode: 'just_resize', // a layer is as large as what is painted
  });
  return true;
}

/** SwarmUI has three, the fields of each beside one another. */
const SWARM_FIELDS = [
  ...['model', 'strength', 'start', 'end', 'imageinput', 'preprocessor', 'preprocessorresolution', 'uniontype'],
] as const;
const SWARM_UNITS = ['', 'two', 'three'] as const;

function readSwarm(prefix: string): Reader {
  return (value, draft, keys) => {
    const of = (field: (typeof SWARM_FIELDS)[number]): unknown => keys.get(`controlnet${prefix}${field}`);
    if (value === '(None)' || isNothing(value)) return;
    if (of('preprocessor') === undefined)
      draft.note(
        `controlnet${prefix}preprocessor`,
        `SwarmUI chose the preprocessor for ${fileStem(String(value))} itself: choose it in its unit.`,
      );
    put(draft, {
      ...{ model: value, module: of('preprocessor'), weight: of('strength'), start: of('start'), end: of('end') },
      ...{ resolution: of('preprocessorresolution'), range: 'comfyui' },
      kind: kindOfComfy(String(of('uniontype'))),
    });
  };
}

/** Readers of all keys that SwarmUI has for them. */
export const SWARM_CONTROLS: Readonly<Record<string, Reader>> = Object.fromEntries(
  SWARM_UNITS.flatMap((prefix) =>
    SWARM_FIELDS.map((field): [string, Reader] => [
      `controlnet${prefix}${field}`,
      field === 'model' ? readSwarm(prefix) : () => undefined,
    ]),
  ),
);

/** Fields of Draw Things' controls for which no unit here has one, and what asks for nothing. */
const DRAW_THINGS_ONLY: Readonly<Record<string, readonly unknown[]>> = {
  noPrompt: [],
  globalAveragePooling: [],
  downSamplingRate: [1],
  targetBlocks: [],
  inputOverride: ['unspecified', 0],
};

function noteDrawThings(draft: Draft, file: string, control: Bag): void {
  const asked = Object.entries(DRAW_THINGS_ONLY).flatMap(([field, plain]) =>
    isNothing(control[field]) || plain.includes(control[field]) ? [] : [field],
  );
  // a shuffle network does so by itself
  const others = asked.filter((field) => field !== 'globalAveragePooling' || !/shuffle/i.test(file));
  const message = `Draw Things has settings of "${fileStem(file)}" that are not carried over: ${others.join(', ')}.`;
  if (others.length > 0) draft.note('controls', message);
}

/** Draw Things' list, whose files are of its own making. */
export const readDrawThings: Reader = (value, draft) => {
  const all = Array.isArray(value) ? (value as unknown[]) : isNothing(value) ? [] : [value];
  const named = bags(all).filter(({ file }) => typeof file === 'string' && !isNothing(file));
  if (named.length < all.length)
    draft.note('controls', 'Not carried over from Draw Things: controls that name no file.');
  for (const one of named) {
    const file = String(one['file']);
    noteDrawThings(draft, file, one);
    put(draft, {
      model: file,
      ...(/ip[-_ ]?adapter/i.test(file) && { module: IP_ADAPTER }),
      weight: one['weight'],
      start: one['guidanceStart'],
      end: one['guidanceEnd'],
      mode: (['balanced', 'prompt', 'control'] as const).find(
        (mode) => mode === (one['controlImportance'] ?? one['controlMode']),
      ),
    });
  }
};

/** Easy Diffusion's, in three keys: one, or lists of the same length. */
export const readEasyDiffusion: Reader = (value, draft, keys) => {
  const modules = keys.get('control filter to apply') ?? keys.get('control net filter');
  const weights = keys.get('control alpha');
  const at = (list: unknown, i: number): unknown => (Array.isArray(list) ? (list as unknown[])[i] : list);
  (Array.isArray(value) ? (value as unknown[]) : [value]).forEach((model, i) =>
    put(draft, { model, module: at(modules, i), weight: at(weights, i) }),
  );
};
