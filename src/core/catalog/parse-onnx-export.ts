/** A ready-made export's description: JSON to a checked value. */
import type { Fields } from './fields';
import { familyIds, familyOf, type ModelFamily } from '../families';
import { componentOf, isPainting, roleOf, type ComponentId } from '../networks/components';
import {
  exportComponents,
  ONNX_TYPES,
  type OnnxComponent,
  type OnnxExport,
  type OnnxInput,
  type OnnxOutput,
} from './onnx-export';

/** A ready-made export has CLIP's vocabulary. */
const families = (): ModelFamily[] => familyIds().filter((id) => familyOf(id).tokenizer === 'clip');
const LAYOUTS = ['nchw', 'nhwc'] as const;

/** @throws AppError 'bad-file' naming the field */
export function parseOnnxExport(fields: Fields): OnnxExport {
  const family = fields.oneOf('family', families());
  const components = fields.object('components');
  const wanted = exportComponents(family).filter((id) => isPainting(id) || components.has(id));
  const size = fields.has('size') ? fields.object('size') : undefined;
  const scheduler = fields.raw('scheduler');
  return {
    family,
    ...(fields.has('tokens') && { tokens: fields.count('tokens') }),
    ...(size && { size: { width: size.count('width'), height: size.count('height') } }),
    components: Object.fromEntries(wanted.map((id) => [id, parseComponent(id, components.object(id), family)])),
    ...(isObject(scheduler) && { scheduler }),
  };
}

function parseComponent(id: ComponentId, fields: Fields, family: ModelFamily): OnnxComponent {
  const inputs = fields.object('inputs');
  const outputs = fields.object('outputs');
  const { ports } = componentOf(id);
  const words = familyOf(family).tellsSize ? [...ports.inputs, ...(ports.sizeInputs ?? [])] : ports.inputs;
  return {
    graph: fields.text('graph'),
    ...(fields.has('data') && { data: fields.texts('data') }),
    inputs: Object.fromEntries(words.map((word) => [word, parseInput(inputs.object(word))])),
    outputs: Object.fromEntries(ports.outputs.map((word) => [word, parseOutput(outputs.object(word))])),
    ...(fields.has('batch') && { batch: fields.count('batch') }),
    ...(roleOf(id) === 'text' && { width: fields.count('width') }),
  };
}

const parseInput = (port: Fields): OnnxInput => ({
  ...parseOutput(port),
  type: port.oneOf('type', ONNX_TYPES),
  ...(port.flag('isPerRow') && { isPerRow: true }),
});

const parseOutput = (port: Fields): OnnxOutput => ({
  name: port.text('name'),
  ...(port.has('layout') && { layout: port.oneOf('layout', LAYOUTS) }),
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
