/** NODES as ComfyUI's server describes its classes: the answer to `/object_info`. */
import { inputType, NODES, type InputSpec, type NodeSpec, type Widget } from '../../src/core/comfyui/workflows/nodes';

type Described = readonly [type: unknown, options: Readonly<Record<string, unknown>>];
type Inputs = Record<'required' | 'optional', Record<string, Described>>;

/** By class; what only the editor has is left to it. */
export function objectInfo(): Record<string, unknown> {
  const own = Object.entries(NODES).filter(([, { isVirtual }]) => isVirtual !== true);
  return Object.fromEntries(own.map(([type, spec]) => [type, described(type, spec)]));
}

/** Classes whose further values a script of the editor adds: the server tells it of these alone. @see comfy_extras/nodes_logic.py */
const ADDED_BY_SCRIPT: Readonly<Record<string, Inputs>> = {
  CustomCombo: { required: { choice: ['COMBO', { options: [] }] }, optional: {} },
};

function described(type: string, spec: NodeSpec) {
  const added = ADDED_BY_SCRIPT[type];
  const input: Inputs = added ?? { required: {}, optional: {} };
  for (const [name, one] of added ? [] : Object.entries(spec.inputs))
    input[one.optional ? 'optional' : 'required'][name] = describedInput(one, inputType(spec, name) ?? '*');
  return {
    input,
    input_order: { required: Object.keys(input.required), optional: Object.keys(input.optional) },
    output: spec.outputs.map((one) => one.type),
    output_is_list: spec.outputs.map(({ isList }) => isList === true),
    output_name: spec.outputs.map(({ name }) => name),
    name: type,
    display_name: spec.title ?? type,
    description: '',
    python_module: spec.pack === undefined ? 'nodes' : `custom_nodes.${spec.pack}`,
    category: spec.category,
    output_node: spec.isOutput === true,
  };
}

function describedInput(spec: InputSpec, type: string): Described {
  if (spec.kind === 'socket') return [type, {}];
  if (spec.kind === 'choice' && spec.reveals) return ['COMFY_DYNAMICCOMBO_V3', { options: revealing(spec.reveals) }];
  if (spec.kind === 'choice') return [spec.options, { default: spec.default }];
  if (spec.kind === 'file') return [[], spec.hasUpload ? { image_upload: true } : {}];
  if (spec.kind === 'text')
    return [
      type,
      { default: spec.default, multiline: spec.isMultiline === true, dynamicPrompts: spec.isDynamic === true },
    ];
  if (spec.kind === 'flag') return [type, { default: spec.default }];
  if (spec.kind === 'other') return [type, {}];
  const { default: value, min, max, step, hasControl } = spec;
  return [
    type,
    { default: value, min: Number(min), max: Number(max), step, ...(hasControl && { control_after_generate: true }) },
  ];
}

const revealing = (reveals: Readonly<Record<string, Readonly<Record<string, Widget>>>>) =>
  Object.entries(reveals).map(([key, further]) => ({
    key,
    inputs: {
      required: Object.fromEntries(
        Object.entries(further).map(([name, one]) => [
          name,
          describedInput(
            one,
            one.kind === 'int'
              ? 'INT'
              : one.kind === 'float'
                ? 'FLOAT'
                : one.kind === 'text'
                  ? 'STRING'
                  : one.kind === 'flag'
                    ? 'BOOLEAN'
                    : 'COMBO',
          ),
        ]),
      ),
    },
  }));
