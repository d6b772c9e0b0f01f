/** The values of a node as fields: what each is called, how it is typed in, and the node with another value. */
import {
  instanceValues,
  nodeSpec,
  widgetSlots,
  widgetValues,
  withInstanceValue,
  withWidget,
  type ComfyNode,
  type ComfySubgraph,
  type Json,
  type ModelFolder,
  type Widget,
} from '../../../core/comfyui/workflows';

export interface Field {
  /** Name of the widget, or `#3` for the fourth value of a list that has no names. */
  name: string;
  label: string;
  kind: 'whole' | 'number' | 'text' | 'lines' | 'toggle' | 'choice' | 'fixed';
  value: Json;
  /** What a choice offers, the present value among it. */
  options?: readonly string[];
  /** The name of a model's file: the library's are offered. */
  folder?: ModelFolder;
}

const AFTER_RUN = 'control_after_generate';
const AFTER_RUN_WORDS = ['fixed', 'increment', 'decrement', 'randomize'];
const BY_PLACE = /^#(\d+)$/;
/** A text of an unknown node with more letters gets a field of several lines. */
const SHORT = 60;

/** @param definition of the subgraph that this node is an instance of */
export function fieldsOf(node: ComfyNode, definition?: ComfySubgraph): Field[] {
  if (definition) return [...instanceValues(node, definition)].map(([name, value]) => field(node, name, value));
  const slots = widgetSlots(node);
  const values = widgetValues(node);
  const list = Array.isArray(node.widgets) ? (node.widgets as readonly Json[]) : [];
  const fields = new Map<string, Field>();
  for (const { name, index, kind, widget } of slots) {
    if (kind === 'control' && !fields.has(name)) fields.set(name, afterRun(list[index]));
    const value = values.get(name);
    if (kind === 'value' && value !== undefined) fields.set(name, field(node, name, value, widget));
  }
  for (const [name, value] of values) if (!fields.has(name)) fields.set(name, field(node, name, value));
  if (fields.size === 0)
    list.forEach((value, i) => fields.set(`#${i}`, { ...field(node, `#${i}`, value), label: `value ${i + 1}` }));
  return [...fields.values()];
}

/** The node with another value of one of its fields. */
export function withField(node: ComfyNode, name: string, value: Json, definition?: ComfySubgraph): ComfyNode {
  if (definition) return withInstanceValue(node, definition, name, value);
  const index = Number(BY_PLACE.exec(name)?.[1] ?? -1);
  if (index < 0 || !Array.isArray(node.widgets)) return withWidget(node, name, value);
  const list = [...(node.widgets as readonly Json[])];
  list[index] = value;
  return { ...node, widgets: list };
}

function afterRun(value: Json | undefined): Field {
  const word =
    typeof value === 'boolean' ? (value ? 'randomize' : 'fixed') : typeof value === 'string' ? value : 'fixed';
  return {
    name: AFTER_RUN,
    label: 'after a run',
    kind: 'choice',
    value: word,
    options: withOwn(AFTER_RUN_WORDS, word),
  };
}

function field(node: ComfyNode, name: string, value: Json, widget?: Widget): Field {
  const own = node.inputs.find((input) => input.widget === name || input.name === name);
  const label = own?.label ?? widget?.label ?? name;
  return { name, label, value, ...(widget ? shapeOf(widget, value) : { kind: kindOf(value) }) };
}

function shapeOf(widget: Widget, value: Json): Pick<Field, 'kind' | 'options' | 'folder'> {
  switch (widget.kind) {
    case 'int':
      return { kind: isNumber(value) ? 'whole' : kindOf(value) };
    case 'float':
      return { kind: isNumber(value) ? 'number' : kindOf(value) };
    case 'flag':
      return { kind: typeof value === 'boolean' ? 'toggle' : kindOf(value) };
    case 'text':
      return { kind: typeof value !== 'string' ? kindOf(value) : widget.isMultiline ? 'lines' : 'text' };
    case 'choice':
      return typeof value === 'string'
        ? { kind: 'choice', options: withOwn(widget.options, value) }
        : { kind: kindOf(value) };
    case 'file':
      return {
        kind: typeof value === 'string' ? 'text' : kindOf(value),
        ...(widget.folder !== 'input' && { folder: widget.folder }),
      };
    case 'other':
      return { kind: kindOf(value) };
  }
}

const isNumber = (value: Json): boolean => typeof value === 'number' || typeof value === 'bigint';

/** Kind of a field, told by its value: what is neither word nor number is shown and left alone. */
function kindOf(value: Json): Field['kind'] {
  if (typeof value === 'boolean') return 'toggle';
  if (isNumber(value)) return 'number';
  if (typeof value !== 'string') return 'fixed';
  return value.length > SHORT || value.includes('\n') ? 'lines' : 'text';
}

function withOwn(options: readonly string[], value: string): readonly string[] {
  return options.includes(value) ? options : [value, ...options];
}

/** A value as it stands in a field. */
export function fieldText(value: Json): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)).replace(
    /^"(-?\d+)"$/,
    '$1',
  );
}

/** What was typed as a value: whole numbers of any length to the last digit. Undefined where it is none. */
export function readTyped(kind: Field['kind'], typed: string): Json | undefined {
  if (kind !== 'whole' && kind !== 'number') return typed;
  const words = typed.trim().replace(',', '.');
  if (/^[-+]?\d+$/.test(words)) {
    const number = Number(words);
    return Number.isSafeInteger(number) ? number : BigInt(words);
  }
  if (kind === 'whole' || words === '') return undefined;
  const number = Number(words);
  return Number.isFinite(number) ? number : undefined;
}

/** Notes have no sockets and a text of their own. */
export const isNote = ({ type }: Pick<ComfyNode, 'type'>): boolean => {
  const spec = nodeSpec(type);
  return spec?.isVirtual === true && spec.outputs.length === 0 && Object.keys(spec.inputs).length === 1;
};
