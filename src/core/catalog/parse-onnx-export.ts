/** A ready-made export's description: JSON to a checked value. */
import type { Fields } from './fields';
import { familyIds, familyOf, type ModelFamily } from '../families';
import {
  exportParts,
  ONNX_TYPES,
  type ExportPart,
  type OnnxComponent,
  type OnnxExport,
  type OnnxInput,
  type OnnxOutput,
} from './onnx-export';

/** Families that a ready-made export may be of: their tokenizer is CLIP's. */
const families = (): ModelFamily[] => familyIds().filter((id) => familyOf(id).tokenizer === 'clip');
const LAYOUTS = ['nchw', 'nhwc'] as const;

/** @throws AppError 'bad-file' naming the field */
export function parseOnnxExport(fields: Fields): OnnxExport {
  const family = fields.oneOf('family', families());
  const components = fields.object('components');
  const wanted = exportParts(family).filter(({ component, isOptional }) => !isOptional || components.has(component));
  const size = fields.has('size') ? fields.object('size') : undefined;
  const scheduler = fields.raw('scheduler');
  return {
    family,
    ...(fields.has('tokens') && { tokens: fields.count('tokens') }),
    ...(size && { size: { width: size.count('width'), height: size.count('height') } }),
    components: Object.fromEntries(
      wanted.map((part) => [part.component, parseComponent(part, components.object(part.component))]),
    ),
    ...(isObject(scheduler) && { scheduler }),
  };
}

function parseComponent(part: ExportPart, fields: Fields): OnnxComponent {
  const inputs = fields.object('inputs');
  const outputs = fields.object('outputs');
  return {
    graph: fields.text('graph'),
    ...(fields.has('data') && { data: fields.texts('data') }),
    inputs: Object.fromEntries(part.inputs.map((word) => [word, parseInput(inputs.object(word))])),
    outputs: Object.fromEntries(part.outputs.map((word) => [word, parseOutput(outputs.object(word))])),
    ...(fields.has('batch') && { batch: fields.count('batch') }),
    ...(part.isText && { width: fields.count('width') }),
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
