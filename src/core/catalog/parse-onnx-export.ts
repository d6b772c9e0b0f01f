/** A ready-made export's description: JSON to a checked value. */
import type { Fields } from './fields';
import {
  EXPORT_COMPONENTS,
  ONNX_TYPES,
  type ExportComponentId,
  type OnnxComponent,
  type OnnxExport,
  type OnnxInput,
  type OnnxOutput,
} from './onnx-export';

const FAMILIES = ['sd15', 'sd21', 'sdxl'] as const;
const LAYOUTS = ['nchw', 'nhwc'] as const;

const XL = ['text_embeds', 'time_ids'];

/** What each component must have, and may have where the model is SDXL's. */
const PORTS: Record<ExportComponentId, { inputs: readonly string[]; outputs: readonly string[] }> = {
  text_encoder: { inputs: ['input_ids'], outputs: ['last_hidden_state'] },
  text_encoder_2: { inputs: ['input_ids'], outputs: ['last_hidden_state', 'text_embeds'] },
  unet: { inputs: ['sample', 'timestep', 'encoder_hidden_states'], outputs: ['out_sample'] },
  vae_decoder: { inputs: ['latent_sample'], outputs: ['sample'] },
  vae_encoder: { inputs: ['sample'], outputs: ['latent_sample'] },
};

/** @throws AppError 'bad-file' naming the field */
export function parseOnnxExport(fields: Fields): OnnxExport {
  const family = fields.oneOf('family', FAMILIES);
  const components = fields.object('components');
  const wanted = EXPORT_COMPONENTS.filter((id) => isNeeded(id, family) || components.has(id));
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

function isNeeded(id: ExportComponentId, family: OnnxExport['family']): boolean {
  if (id === 'vae_encoder') return false;
  return id !== 'text_encoder_2' || family === 'sdxl';
}

function parseComponent(id: ExportComponentId, fields: Fields, family: OnnxExport['family']): OnnxComponent {
  const inputs = fields.object('inputs');
  const outputs = fields.object('outputs');
  const isText = id === 'text_encoder' || id === 'text_encoder_2';
  const words = id === 'unet' && family === 'sdxl' ? [...PORTS[id].inputs, ...XL] : PORTS[id].inputs;
  return {
    graph: fields.text('graph'),
    ...(fields.has('data') && { data: fields.texts('data') }),
    inputs: Object.fromEntries(words.map((word) => [word, parseInput(inputs.object(word))])),
    outputs: Object.fromEntries(PORTS[id].outputs.map((word) => [word, parseOutput(outputs.object(word))])),
    ...(fields.has('batch') && { batch: fields.count('batch') }),
    ...(isText && { width: fields.count('width') }),
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
