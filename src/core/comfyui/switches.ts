/** Nodes that choose one of their inputs: which. */
import type { Literal } from './graph';

export interface NodeView {
  /** A value, computed where it hangs on other nodes. */
  get(name: string): Literal | undefined;
  /** Names of all inputs, in their order. */
  names: readonly string[];
}

/** The name of the input that ran; undefined where that cannot be told. */
export type Chooser = (node: NodeView) => string | undefined;

const byFlag =
  (flag: string, on: string, off: string): Chooser =>
  ({ get }) => {
    const value = get(flag);
    if (typeof value === 'boolean') return value ? on : off;
    return value === 'true' || value === 1 ? on : value === 'false' || value === 0 ? off : undefined;
  };

/** Inputs of one name with numbers, counted from `first`. */
const byIndex =
  (index: string, name: string, first: number): Chooser =>
  ({ get }) => {
    const value = Number(get(index));
    return Number.isInteger(value) ? `${name}${value - (first === 0 ? 0 : 1) + first}` : undefined;
  };

/** The first that is joined to something. */
const firstOf =
  (pattern: RegExp): Chooser =>
  ({ names }) =>
    names.find((name) => pattern.test(name));

/** @see ComfyUI comfy_extras/nodes_logic.py; Impact Pack util_nodes.py; Easy-Use logic.py; Comfyroll nodes_logic.py; rgthree any_switch.py */
export const SWITCHES: Readonly<Record<string, Chooser>> = {
  ComfySwitchNode: byFlag('switch', 'on_true', 'on_false'),
  ComfySoftSwitchNode: byFlag('switch', 'on_true', 'on_false'),
  ImpactConditionalBranch: byFlag('cond', 'tt_value', 'ff_value'),
  ImpactIfNone: ({ names }) => names.find((name) => name === 'any_input'),
  ImpactSwitch: byIndex('select', 'input', 1),
  LatentSwitch: byIndex('select', 'input', 1),
  SEGSSwitch: byIndex('select', 'input', 1),
  'easy ifElse': byFlag('boolean', 'on_true', 'on_false'),
  'easy anythingIndexSwitch': byIndex('index', 'value', 0),
  'easy textIndexSwitch': byIndex('index', 'text', 0),
  'easy conditioningIndexSwitch': byIndex('index', 'cond', 0),
  'easy imageIndexSwitch': byIndex('index', 'image', 0),
  'easy textSwitch': byIndex('input', 'text', 1),
  'easy imageSwitch': byFlag('boolean', 'image_a', 'image_b'),
  'Any Switch (rgthree)': firstOf(/^any_/),
  'Switch any [Crystools]': byFlag('boolean', 'on_true', 'on_false'),
  'Switch string [Crystools]': byFlag('boolean', 'on_true', 'on_false'),
  'CR Text Input Switch': byIndex('Input', 'text', 1),
  'CR Text Input Switch (4 way)': byIndex('Input', 'text', 1),
  'CR Model Input Switch': byIndex('Input', 'model', 1),
  'CR Clip Input Switch': byIndex('Input', 'clip', 1),
  'CR Conditioning Input Switch': byIndex('Input', 'conditioning', 1),
  'CR Latent Input Switch': byIndex('Input', 'latent', 1),
  'CR Image Input Switch': byIndex('Input', 'image', 1),
  'Text Input Switch': byFlag('boolean', 'text_a', 'text_b'),
  'Model Input Switch': byFlag('boolean', 'model_a', 'model_b'),
  'Conditioning Input Switch': byFlag('boolean', 'conditioning_a', 'conditioning_b'),
  'Latent Input Switch': byFlag('boolean', 'latent_a', 'latent_b'),
  'Image Input Switch': byFlag('boolean', 'image_a', 'image_b'),
  'Number Input Switch': byFlag('boolean', 'number_a', 'number_b'),
  LazySwitchKJ: byFlag('switch', 'on_true', 'on_false'),
  'LayerUtility: IfExecute': byFlag('if_condition', 'when_TRUE', 'when_FALSE'),
  'Logic Boolean Switch': byFlag('boolean', 'on_true', 'on_false'),
};
